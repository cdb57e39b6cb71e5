/** What a value is, for errors that say what came in place of what was expected: "a number", "null". */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (Array.isArray(value)) {
    return "an array";
  }
  if (typeof value !== "object") {
    return `a ${typeof value}`;
  }
  if (typeof (value as { then?: unknown }).then === "function") {
    return "a promise";
  }
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  const isNamed = typeof name === "string" && name !== "" && name !== "Object";
  return isNamed ? `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}` : "an object";
}
