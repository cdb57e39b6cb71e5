import { withoutStack } from "../common/argania-error.ts";

/** The value of a text, or why there is none. */
export type SafeJson = { readonly value: unknown } | "malformed" | "poisoned";

/** Whatever spells the names has one of these: an escape of `_` or of a letter begins with `\u005` to `\u007`. */
const TRACES = ["__proto__", "constructor", "\\u005", "\\u006", "\\u007"] as const;

/**
 * Parses JSON (RFC 8259), and refuses values with the name `__proto__`, or `constructor` with a `prototype` inside, at any
 * depth and however they are spelled: they are harmless in the value itself, and change the prototype of the next object that
 * a careless merge puts them into (CWE-1321).
 *
 * A byte order mark is skipped. Of a name that occurs twice the last value counts.
 */
export function parseSafely(text: string): SafeJson {
  let value: unknown;
  try {
    const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    value = withoutStack(() => JSON.parse(json) as unknown);
  } catch {
    return "malformed";
  }
  // Only where the text may spell such a name is the value looked through.
  return TRACES.some((trace) => text.includes(trace)) && isPoisoned(value) ? "poisoned" : { value };
}

/** With a list instead of recursion, since JSON may be nested deeper than the stack is. */
function isPoisoned(root: unknown): boolean {
  const pending: unknown[] = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== "object" || value === null) {
      continue;
    }
    if (Object.hasOwn(value, "__proto__") || hasPrototype(value)) {
      return true;
    }
    // One by one: a million elements are more arguments than a call can have.
    for (const inner of Array.isArray(value) ? value : Object.values(value)) {
      if (typeof inner === "object") {
        pending.push(inner);
      }
    }
  }
  return false;
}

function hasPrototype(value: object): boolean {
  const held: unknown = Object.hasOwn(value, "constructor") ? value.constructor : null;
  return typeof held === "object" && held !== null && Object.hasOwn(held, "prototype");
}
