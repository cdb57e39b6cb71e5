const ENTRIES = "write Object.fromEntries(it), or [...it] where a name may be repeated";
const STREAM =
  "return it by itself, or read it first: jsonBody does that of a request, and await response.json() of a response";
const FILE = "return it by itself, or send its name, its size, or its text()";
const HIDDEN = "nobody can list what is in there, so send an object or an array";

/** By the tag that the platform gives, in every realm. */
const ADVICE: Readonly<Record<string, string>> = {
  Map: "write Object.fromEntries(map), or [...map]",
  Set: "write [...set]",
  WeakMap: HIDDEN,
  WeakSet: HIDDEN,
  Headers: ENTRIES,
  URLSearchParams: ENTRIES,
  FormData: ENTRIES,
  Request: "send what is wanted of it, as its method and its url",
  Response: "return it by itself, or send await response.json()",
  ReadableStream: STREAM,
  Blob: FILE,
  File: FILE,
  Generator: "write [...it], or return jsonStream(it) by itself",
  AsyncGenerator: "return jsonStream(it) by itself",
};

/** What is wrong with one of the known kinds in JSON; `undefined` for all others, which may be meant. */
export function adviceForKind(value: object, isEmpty: (value: object) => boolean): string | undefined {
  if (isNodeStream(value)) {
    return `is a stream, of which JSON has but the inner parts: ${STREAM}.`;
  }
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  const advice = Object.hasOwn(ADVICE, tag)
    ? ADVICE[tag]
    : tag.endsWith(" Iterator")
      ? "write [...it]"
      : undefined;
  return advice !== undefined && isEmpty(value)
    ? `is ${tag.endsWith("Iterator") ? "an iterator" : `${/^[AEIO]/.test(tag) ? "an" : "a"} ${tag}`}, of which JSON leaves {}: ${advice}.`
    : undefined;
}

/** JSON has their settings, and the file descriptor. */
function isNodeStream(value: object): boolean {
  const { pipe, read } = value as { readonly pipe?: unknown; readonly read?: unknown };
  return typeof pipe === "function" && typeof read === "function" && Symbol.asyncIterator in value;
}
