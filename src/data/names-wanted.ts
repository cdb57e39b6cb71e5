import { isPromiseLike } from "../common/maybe-promise.ts";
import type { StandardIssue, StandardSchema } from "./standard-schema.ts";
import { TextSchema } from "./text-schema/text-schema.ts";

/** The names that a schema looks for, and misses in an object that has none: found out by watching it. */
export function namesWantedBy(schema: StandardSchema): ReadonlySet<PropertyKey> {
  const asked = new Set<PropertyKey>();
  const nothing = new Proxy(
    {},
    {
      get(target, key) {
        asked.add(key);
        return Reflect.get(target, key);
      },
      has(target, key) {
        asked.add(key);
        return Reflect.has(target, key);
      },
    },
  );
  try {
    // Without the conversion, which works on a copy that nobody watches.
    const watching = schema instanceof TextSchema ? schema.inner : schema;
    const result = watching["~standard"].validate(nothing);
    if (isPromiseLike(result)) {
      // What it has asked for by now is all that can be known, since the answer is due now.
      Promise.resolve(result).catch(() => {});
      return asked;
    }
    const missed = new Set<PropertyKey>(result.issues?.map(nameOf));
    return new Set([...asked].filter((name) => missed.has(name)));
  } catch {
    // It does not like to be watched: then nothing is known.
    return new Set();
  }
}

function nameOf({ path }: StandardIssue): PropertyKey {
  const [first = ""] = path ?? [];
  return typeof first === "object" ? first.key : first;
}
