import { ErrorResponse } from "../../response/error-response.ts";

/** A fetch app cannot be given the request's method: a web `Request` has no CONNECT, TRACE or TRACK (Fetch Standard §2.2.1). */
export class FetchMethodError extends ErrorResponse {
  readonly code = "ARGANIA_FETCH_METHOD";
  /** RFC 9110 §15.6.2: a method that is supported for no resource of the app. */
  readonly status = 501;
}
