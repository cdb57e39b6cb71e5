import { ErrorResponse } from "./error-response.ts";

/** What the client wants to change or to have is not what it thinks (412, RFC 9110 §15.5.13). */
export class PreconditionFailedError extends ErrorResponse {
  readonly code = "ARGANIA_PRECONDITION_FAILED";
  readonly status = 412;

  constructor() {
    super("This has changed in the meantime: get it again.");
  }
}

/** A change that does not say of which version it is (428, RFC 6585 §3). */
export class PreconditionRequiredError extends ErrorResponse {
  readonly code = "ARGANIA_PRECONDITION_REQUIRED";
  readonly status = 428;

  constructor() {
    super("Say with If-Match which version this request is about.");
  }
}
