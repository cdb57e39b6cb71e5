import { describeValue } from "../common/describe-value.ts";
import type { BodyType } from "./content-type.ts";

/** RFC 9110 §8.3.1, in lower case and without parameters; the subtype may be `*`. */
const MEDIA_RANGE = /^[!#$%&'+\-.^_`|~\da-z]+\/(?:\*|[!#$%&'+\-.^_`|~\da-z]+)$/;

/**
 * The kind of body that has one of these media types, as `withType` takes them: `"image/png"`, `"image/*"`.
 *
 * Throws a `TypeError` for what is none.
 */
export function bodyTypeOf(types: readonly string[], isText: boolean, where: string): BodyType {
  if (types.length === 0) {
    throw new TypeError(`${where} takes at least one media type: write "image/png", or "image/*".`);
  }
  const ranges = types.map((type) => checkedRange(type, where));
  const exact = new Set(ranges.filter((range) => !range.endsWith("/*")));
  const prefixes = ranges.filter((range) => range.endsWith("/*")).map((range) => range.slice(0, -1));
  return {
    usual: [...exact],
    accept: ranges.join(", "),
    accepts: (essence) => exact.has(essence) || prefixes.some((prefix) => essence.startsWith(prefix)),
    isText,
  };
}

function checkedRange(type: unknown, where: string): string {
  const range = typeof type === "string" ? type.toLowerCase() : "";
  if (!MEDIA_RANGE.test(range)) {
    const given = typeof type === "string" ? JSON.stringify(type) : describeValue(type);
    const advice = range === "*/*" ? " For any type use fullBody." : "";
    throw new TypeError(
      `${where} takes media types without parameters, such as "image/png" or "image/*", not ${given}.${advice}`,
    );
  }
  return range;
}
