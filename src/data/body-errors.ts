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

/** The body cannot be decoded from its `Content-Encoding`: it is corrupt, cut short, or something follows its end (400). */
export class ContentEncodingError extends ErrorResponse {
  readonly code = "ARGANIA_CONTENT_ENCODING";
  readonly status = 400;
}

/**
 * The bodies of other requests take all the memory that the service has for them, `bodyMemoryLimit`: this one is not read
 * (503, RFC 9110 §15.6.4). `Retry-After` asks the client to try again in a second.
 */
export class BodyMemoryError extends ErrorResponse {
  readonly code = "ARGANIA_BODY_MEMORY";
  readonly status = 503;

  constructor() {
    super("Too many bodies are being read: try again later.", { headers: { "retry-after": "1" } });
  }
}
