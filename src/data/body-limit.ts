import { describeValue } from "../common/describe-value.ts";
import { type Property, PropertyKind } from "../common/property.ts";

class BodyLimit extends PropertyKind<number> {
  override to(bytes: number): Property<number> {
    assertByteCount(bytes, "bodyLimit.to(…)");
    return super.to(bytes);
  }
}

/**
 * How many bytes of a body an extractor such as `jsonBody` reads, unless it has a limit of its own; 1 MiB (1,048,576)
 * by default. A larger body is a `BodyLimitError` (413). A node inherits it from those above.
 *
 * Throws a `RangeError` for what is no whole number of bytes, a `TypeError` for what is no number.
 *
 * @example
 * ```ts
 * api.setProperty(bodyLimit.to(10_000));
 * photos.setHandlerFor(_post.to([jsonBody], save).withProperty(bodyLimit.to(5 * 1024 * 1024)));
 * ```
 */
export const bodyLimit: PropertyKind<number> = /* @__PURE__ */ new BodyLimit("body limit", 1_048_576);

/** A limit that is no number would be none: nothing is greater than `NaN`. */
export function assertByteCount(value: unknown, where: string): asserts value is number {
  if (typeof value !== "number") {
    throw new TypeError(
      `${where} takes a number of bytes, not ${describeValue(value)}: write 10_000 for 10 kB.`,
    );
  }
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(
      `${where} takes a whole number of bytes from 0 on, not ${value}: write 10_000 for 10 kB.`,
    );
  }
}
