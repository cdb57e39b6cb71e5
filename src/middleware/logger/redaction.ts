import { printable } from "./printable.ts";

/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

const SECRET_HEADERS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "x-auth-token",
  "x-csrf-token",
  "x-xsrf-token",
]);

/** Names in a query that credentials go under, at least in part of the name. */
const SECRET_PARAM = /token|secret|passw|pwd|key|auth|sig|code|session|jwt|credential|otp|state|nonce/i;

const SECRET_FIELDS = ["authorization", "cookie", "password", "secret", "token"];
const HOLDERS = ["req", "request", "res", "response"];

/**
 * The paths that `createLogger` redacts, for a logger of one's own: `pino({ redact: [...redactedPaths()] })`. They are
 * credentials in the headers of `headers`, `req`, `request`, `res` and `response`, and on the line itself.
 */
export function redactedPaths(): readonly string[] {
  const holders = ["headers", ...HOLDERS.map((holder) => `${holder}.headers`)];
  const inHeaders = holders.flatMap((holder) => [...SECRET_HEADERS].map((name) => `${holder}["${name}"]`));
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
  return SECRET_HEADERS.has(name) ? REDACTED : printable(value, LONGEST_VALUE);
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
    const isShown = names === true ? !SECRET_PARAM.test(name) : names.has(name);
    pairs.push(`${encodeURIComponent(name)}=${isShown ? encodeURIComponent(value) : REDACTED}`);
    if (pairs.length === 100) {
      break;
    }
  }
  return printable(pairs.join("&"), LONGEST_VALUE);
}
