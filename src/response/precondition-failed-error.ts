import { ErrorResponse } from "./error-response.ts";

/** What the request made its condition does not hold: `If-Match`, `If-Unmodified-Since` (RFC 9110 §15.5.13). */
export class PreconditionFailedError extends ErrorResponse {
  readonly code = "ARGANIA_PRECONDITION_FAILED";
  readonly status = 412;
}
