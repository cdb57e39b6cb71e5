import { ErrorResponse } from "./error-response.ts";

/** Nothing of what a `Range` asks for exists; `Content-Range` tells the length (RFC 9110 §15.5.17). */
export class RangeNotSatisfiableError extends ErrorResponse {
  readonly code = "ARGANIA_RANGE_NOT_SATISFIABLE";
  readonly status = 416;

  /** @param length of the whole, in bytes */
  constructor(length: number) {
    super(`The range lies beyond the end: there are ${length} bytes.`, {
      headers: { "content-range": `bytes */${length}` },
    });
  }
}
