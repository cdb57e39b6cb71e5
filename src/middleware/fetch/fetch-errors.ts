import { ErrorResponse } from "../../response/error-response.ts";

/**
 * A fetch app cannot be given the request's method: a web `Request` has no CONNECT, TRACE or TRACK (Fetch Standard §2.2.1),
 * and writes others in upper case.
 */
export class FetchMethodError extends ErrorResponse {
  readonly code = "ARGANIA_FETCH_METHOD";
  /** The client's doing, as elsewhere in a tree: with a 501 anybody could fill the log of failures. */
  readonly status = 405;

  /** @param allow the methods that the resource has and a web `Request` can have (RFC 9110 §10.2.1) */
  constructor(allow: string) {
    super("", { headers: { allow } });
  }
}
