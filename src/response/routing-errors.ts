import { ErrorResponse } from "./error-response.ts";
import { RoutingFailure } from "./routing-failure.ts";

/** No resource answers for the path or the host. */
export class NotFoundResourceError extends ErrorResponse {
  readonly code = "ARGANIA_NOT_FOUND_RESOURCE";
  readonly status = 404;
}

/** The resource has no handler for the method; `Allow` lists those that it has (RFC 9110 §15.5.6). */
export class NotAllowedMethodError extends ErrorResponse {
  readonly code = "ARGANIA_NOT_ALLOWED_METHOD";
  readonly status = 405;

  constructor(allow: string) {
    super("", { headers: { allow } });
  }
}

/** For every path and host that nobody has. */
export const NOT_FOUND: RoutingFailure = new RoutingFailure(() => new NotFoundResourceError());

/** The request line or the host is malformed, so that the request cannot be routed at all. */
export class BadRequestError extends ErrorResponse {
  readonly code = "ARGANIA_BAD_REQUEST";
  readonly status = 400;
}

/** The handler did not settle within the time it was given: by the server, or by a `TimeoutLayer`. */
export class HandlerTimeoutError extends ErrorResponse {
  readonly code = "ARGANIA_HANDLER_TIMEOUT";
  readonly status: number;

  /**
   * @param status 503 by default
   * @param limit for the log: whose time limit it was, and how long it is
   */
  constructor(status = 503, limit?: string) {
    super("", limit === undefined ? {} : { cause: new Error(limit) });
    this.status = status;
  }
}
