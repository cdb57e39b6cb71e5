import { assertOptions } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";

const NAMES = ["allowUnsafeRegex", "maxSegmentLength"];

/**
 * Refuses what is no options of patterns: a handler or a resource in their place would be dropped in silence.
 *
 * Throws a `TypeError`.
 *
 * @param instead how what users may mean is written
 */
export function assertPatternOptions(owner: string, options: unknown, instead: string): void {
  const given = describeValue(options);
  if (options !== undefined && given !== "an object") {
    throw new TypeError(`${owner} takes options of patterns there, not ${given}: write ${instead}.`);
  }
  assertOptions(owner, options ?? {}, NAMES);
}
