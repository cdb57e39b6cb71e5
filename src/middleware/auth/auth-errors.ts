import { ErrorResponse } from "../../response/error-response.ts";

/** A request needs credentials and has none, or none that are good. `WWW-Authenticate` says which (RFC 9110 §15.5.2). */
export class UnauthorizedError extends ErrorResponse {
  readonly code = "ARGANIA_UNAUTHORIZED";
  readonly status = 401;

  /** @param challenge the value of `WWW-Authenticate` */
  constructor(challenge: string, options: ErrorOptions = {}) {
    super("", { ...options, headers: { "www-authenticate": challenge } });
  }
}

/** Credentials are not written as their scheme has it (RFC 6750 §3.1, `invalid_request`). */
export class MalformedCredentialsError extends ErrorResponse {
  readonly code = "ARGANIA_MALFORMED_CREDENTIALS";
  readonly status = 400;

  /** @param challenge the value of `WWW-Authenticate` */
  constructor(challenge: string) {
    super("The Authorization header is malformed.", { headers: { "www-authenticate": challenge } });
  }
}

/** A token is good, and does not give the right to what is asked for (RFC 6750 §3.1, `insufficient_scope`). */
export class InsufficientScopeError extends ErrorResponse {
  readonly code = "ARGANIA_INSUFFICIENT_SCOPE";
  readonly status = 403;
  /** The scopes that are needed, all of them. */
  readonly scopes: readonly string[];

  /** @param challenge the value of `WWW-Authenticate` */
  constructor(scopes: readonly string[], challenge: string) {
    super("", { headers: { "www-authenticate": challenge } });
    this.scopes = Object.freeze([...scopes]);
  }
}

/** The keys that tokens are checked with could not be had: nobody's token is wrong, and nobody's can be told to be good. */
export class KeysUnavailableError extends ErrorResponse {
  readonly code = "ARGANIA_KEYS_UNAVAILABLE";
  readonly status = 503;

  constructor(options: ErrorOptions = {}) {
    super("", { ...options, headers: { "retry-after": "5" } });
  }
}
