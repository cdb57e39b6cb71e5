import { assertNoMore } from "../common/assert-no-more.ts";
import { describeValue } from "../common/describe-value.ts";
import type { Extractor } from "./extractor.ts";
import { MissingHeaderError } from "./extractor-errors.ts";

/** RFC 9110 §5.1: a field name is a token. */
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/**
 * The value of a header; several are joined by ", ". A missing one is a 400 (`ARGANIA_MISSING_HEADER`), unless the
 * extractor is made `optional(header(…))`. Throws a `TypeError` for a name that no header has.
 */
export function header(name: string): Extractor<string, object>;
export function header(name: string, ...more: unknown[]): Extractor<string, object> {
  assertNoMore(more, "header takes a name", 'headers({ "x-page": schema }) for a schema');
  if (typeof name !== "string" || !FIELD_NAME.test(name)) {
    const given = typeof name === "string" ? JSON.stringify(name) : describeValue(name);
    throw new TypeError(`header takes the name of a header, not ${given}: write header("x-request-id").`);
  }
  const key = name.toLowerCase();
  return {
    extract(context) {
      const value = context.header(key);
      if (value === undefined) {
        throw new MissingHeaderError(name);
      }
      return value;
    },
  };
}
