/** As what the platform makes is. Comparing anything else with its classes would load the whole of Node's fetch. */
export function isTagged(value: unknown): value is object {
  return typeof value === "object" && value !== null && Symbol.toStringTag in value;
}
