import type { Extractor } from "./extractor.ts";
import { MissingHeaderError } from "./extractor-errors.ts";

/**
 * The value of a header; several are joined by ", ". A missing one is a 400 (`ARGANIA_MISSING_HEADER`), unless the
 * extractor is made `optional(header(…))`.
 */
export function header(name: string): Extractor<string, object> {
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
