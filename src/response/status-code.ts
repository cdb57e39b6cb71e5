/** A status code, 100 to 999 as RFC 9110 §15 has room for; from a handler, 200 to 599. */
export type StatusCode = number;

/** The registered status codes by name. A handler may return one: an empty response with that status. */
export const StatusCode = {
  SWITCHING_PROTOCOLS: 101,
  OK: 200,
  CREATED: 201,
  ACCEPTED: 202,
  NON_AUTHORITATIVE_INFORMATION: 203,
  NO_CONTENT: 204,
  RESET_CONTENT: 205,
  PARTIAL_CONTENT: 206,
  MULTI_STATUS: 207,
  MULTIPLE_CHOICES: 300,
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  NOT_MODIFIED: 304,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  PAYMENT_REQUIRED: 402,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  GONE: 410,
  LENGTH_REQUIRED: 411,
  PRECONDITION_FAILED: 412,
  CONTENT_TOO_LARGE: 413,
  URI_TOO_LONG: 414,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RANGE_NOT_SATISFIABLE: 416,
  EXPECTATION_FAILED: 417,
  MISDIRECTED_REQUEST: 421,
  UNPROCESSABLE_CONTENT: 422,
  LOCKED: 423,
  TOO_EARLY: 425,
  UPGRADE_REQUIRED: 426,
  PRECONDITION_REQUIRED: 428,
  TOO_MANY_REQUESTS: 429,
  REQUEST_HEADER_FIELDS_TOO_LARGE: 431,
  UNAVAILABLE_FOR_LEGAL_REASONS: 451,
  INTERNAL_SERVER_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
  HTTP_VERSION_NOT_SUPPORTED: 505,
  INSUFFICIENT_STORAGE: 507,
} as const;

const WORDS_KEPT_IN_CAPITALS: ReadonlySet<string> = new Set(["OK", "URI", "HTTP"]);

const REASON_PHRASES: ReadonlyMap<number, string> = new Map(
  Object.entries(StatusCode).map(([name, status]) => [status, phraseOf(name)]),
);

/** The reason phrase of a status, as in "Not Found"; empty for one that is not registered. */
export function reasonPhrase(status: number): string {
  return REASON_PHRASES.get(status) ?? "";
}

/** Whether a response of this status never has a body (RFC 9110 §6.4.1). */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 304 || status === 205 || status < 200;
}

function phraseOf(name: string): string {
  return name
    .split("_")
    .map((word) => (WORDS_KEPT_IN_CAPITALS.has(word) ? word : word[0] + word.slice(1).toLowerCase()))
    .join(" ")
    .replace(" For ", " for ");
}
