import { describeValue } from "../common/describe-value.ts";

/** Patterns are strings: throws a `TypeError` that says which call to write, for whoever has no types. */
export function assertText(value: unknown, what: string, call: string): asserts value is string {
  if (typeof value !== "string") {
    throw new TypeError(`${what} is a string, not ${describeValue(value)}: write ${call}.`);
  }
}
