import { printable } from "./printable.ts";

/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

/** Those that every logger is given as paths. */
const SECRET_HEADERS: readonly string[] = [
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-access-token",
  "x-amz-security-token",
  "x-api-key",
  "x-auth-token",
  "x-csrf-token",
  "x-xsrf-token",
  "x-vault-token",
  // Where browsers can put a token, since a WebSocket of theirs sends no other header.
  "sec-websocket-protocol",
];

/** Names of headers that credentials go under: some more are redacted rather than one too few. */
const SECRET_HEADER =
  /authoriz|cookie|token|secret|passw|credential|signature|session|jwt|assertion|api-?key|(?:^|-)(?:auth|key|pwd|otp)(?:-|$)|^sec-websocket-protocol$/;

/** Headers whose query may have what was given to another page: the code of a sign-in, the token of a reset. */
const URL_HEADER = /^(?:referer|location|content-location)$/;

/** Names in a query that credentials go under, at least in part of the name. */
const SECRET_PARAM =
  /token|secret|pass|pwd|key|auth|sig|code|session|jwt|credential|otp|state|nonce|saml|ticket|assertion/i;

/** A name of this length that has no value may be a token itself: `?eyJhbGciOi…`. */
const LONGEST_BARE_NAME = 15;
const LONGEST_NAME = 64;

const SECRET_FIELDS = ["authorization", "cookie", "password", "secret", "token"];
const HOLDERS = ["req", "request", "res", "response"];

/**
 * The paths that `createLogger` redacts, for a logger of one's own: `pino({ redact: [...redactedPaths()] })`. They are
 * credentials in the headers of `headers`, `req`, `request`, `res` and `response`, and on the line itself.
 */
export function redactedPaths(): readonly string[] {
  const holders = ["headers", ...HOLDERS.map((holder) => `${holder}.headers`)];
  const inHeaders = holders.flatMap((holder) => SECRET_HEADERS.map((name) => `${holder}["${name}"]`));
  return [...SECRET_FIELDS, ...inHeaders];
}

const LONGEST_VALUE = 1_000;
const MOST_HEADERS = 100;

/** Headers as they may be logged, all of them or those of these names. */
export function headersEntry(headers: Headers, names: readonly string[] | true): Record<string, string> {
  // A header may be called "__proto__".
  const entry: Record<string, string> = Object.create(null);
  if (names === true) {
    let count = 0;
    for (const [name, value] of headers) {
      if (count++ === MOST_HEADERS) {
        break;
      }
      entry[name] = headerValue(name, value);
    }
    return entry;
  }
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) {
      entry[name] = headerValue(name, value);
    }
  }
  return entry;
}

function headerValue(name: string, value: string): string {
  // Those of CORS only tell whether credentials may be sent.
  if (SECRET_HEADER.test(name) && !name.startsWith("access-control-")) {
    return REDACTED;
  }
  return printable(URL_HEADER.test(name) ? urlEntry(value) : value, LONGEST_VALUE);
}

/** A URL without who signs in, without a fragment, and with a query as it may be logged. */
function urlEntry(url: string): string {
  const [whole = "", fragment] = url.split("#", 2);
  const start = whole.indexOf("?");
  const path = (start < 0 ? whole : whole.slice(0, start)).replace(
    /^([^/]*\/\/)[^/]*@/,
    (_, scheme: string) => `${scheme}${REDACTED}@`,
  );
  const query = start < 0 ? "" : `?${queryEntry(new URLSearchParams(whole.slice(start + 1)), true)}`;
  return `${path}${query}${fragment === undefined ? "" : `#${REDACTED}`}`;
}

/** `serializers` of pino for `Headers` of the web, which JSON would not show: by themselves, and in what holds them. */
export function headerSerializers(): Readonly<Record<string, (value: unknown) => unknown>> {
  return {
    headers: serializeHeaders,
    ...Object.fromEntries(HOLDERS.map((holder) => [holder, serializeHolder])),
  };
}

function serializeHeaders(value: unknown): unknown {
  return isHeaders(value) ? headersEntry(value, true) : value;
}

function serializeHolder(value: unknown): unknown {
  const headers = (value as { headers?: unknown } | null | undefined)?.headers;
  return isHeaders(headers) ? { ...(value as object), headers: headersEntry(headers, true) } : value;
}

function isHeaders(value: unknown): value is Headers {
  return typeof value === "object" && value !== null && typeof (value as Headers).getSetCookie === "function";
}

/**
 * A query as it may be logged, without its `?`.
 *
 * @param names those whose values are logged; `true` for all but those whose names look like a credential's
 */
export function queryEntry(query: URLSearchParams, names: ReadonlySet<string> | true): string {
  const pairs: string[] = [];
  for (const [name, value] of query) {
    pairs.push(pairEntry(name, value, names));
    if (pairs.length === 100) {
      break;
    }
  }
  return printable(pairs.join("&"), LONGEST_VALUE);
}

function pairEntry(name: string, value: string, names: ReadonlySet<string> | true): string {
  if (names !== true && names.has(name)) {
    return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  }
  const isBare = value === "" || value === "=";
  if (name.length > (isBare ? LONGEST_BARE_NAME : LONGEST_NAME)) {
    return REDACTED;
  }
  const isShown = names === true && !SECRET_PARAM.test(name);
  return `${encodeURIComponent(name)}=${isShown ? encodeURIComponent(value) : REDACTED}`;
}
