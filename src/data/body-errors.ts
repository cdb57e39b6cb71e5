import { ErrorResponse } from "../response/error-response.ts";

/** The body is larger than it may be (413, RFC 9110 §15.5.14). `limit` is in bytes. */
export class BodyLimitError extends ErrorResponse {
  readonly code = "ARGANIA_BODY_LIMIT";
  readonly status = 413;
  readonly limit: number;

  constructor(limit: number) {
    super(`The body is larger than ${limit} bytes.`, { details: { limit } });
    this.limit = limit;
  }
}

/**
 * The body is of another type, or is encoded in another way, than the one that the handler reads (415, RFC 9110
 * §15.5.16). A header tells the client what is read instead.
 */
export class UnsupportedMediaTypeError extends ErrorResponse {
  readonly code = "ARGANIA_UNSUPPORTED_MEDIA_TYPE";
  readonly status = 415;
}
