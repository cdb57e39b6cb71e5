import { describeValue } from "../common/describe-value.ts";
import { isTagged } from "../common/is-tagged.ts";
import { type HeadersInput, LightHeaders } from "../common/light-headers.ts";
import { isPromiseLike } from "../common/maybe-promise.ts";
import { ErrorResponse } from "./error-response.ts";
import type { HeaderSource } from "./header-source.ts";
import { type IntoResponse, intoResponse, jsonResponse } from "./into-response.ts";
import { LightResponse } from "./light-response.ts";

/**
 * A JSON response. Throws a `JsonValueError` (`ARGANIA_JSON_VALUE`) that says where there is a BigInt, a circle, or something
 * of which JSON leaves `{}` (looked for among the first 200 values): a promise that nobody has awaited, a `Map`, `Set`,
 * `Headers`, `URLSearchParams`, request, response, stream, iterator or session, or an error by itself; and an `InvalidResponseError`
 * (`ARGANIA_INVALID_RESPONSE`) for `undefined`.
 */
export function json(value: unknown, status = 200): LightResponse {
  return jsonResponse(value, status);
}

/** An HTML response, UTF-8. The text is sent as it is: escape what users wrote. */
export function html(markup: string, status = 200): LightResponse {
  assertString(markup, "html");
  return LightResponse.of(markup, "text/html; charset=utf-8", status);
}

/** A plain text response, UTF-8. */
export function text(content: string, status = 200): LightResponse {
  assertString(content, "text");
  return LightResponse.of(content, "text/plain; charset=utf-8", status);
}

function assertString(value: unknown, helper: string): void {
  if (typeof value !== "string") {
    // String(promise) would be "[object Promise]".
    const instead = isPromiseLike(value)
      ? `await it first, ${helper}(await value)`
      : `${helper}(String(value))`;
    throw new TypeError(`${helper} takes a string, not ${describeValue(value)}: ${instead}.`);
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Statuses that send a client elsewhere (RFC 9110 §15.4). */
export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

const CONTROL_OR_BACKSLASH = /[\0-\x20\x7f\\]/;
const NON_ASCII = /[^\0-\x7f]+/g;
const LONE_SURROGATE = /\p{Surrogate}/u;
const WEB_SCHEME = /^https?:\/\//i;
const ANY_SCHEME = /^[a-z][a-z\d+.-]*:/i;

/**
 * Sends the client to another place, with status 303 unless told otherwise.
 *
 * `location` is a path on this origin (`/login`, `?page=2`), or an absolute `http(s)` URL as a `URL` object or a string.
 * Refused with a `TypeError`: `//host` and backslashes, which browsers take for another origin, other schemes
 * (`javascript:`), and control characters. So a path that a user supplied can never leave the origin unless it
 * says so with its scheme: check those against the hosts you know.
 */
export function redirect(location: string | URL, status: RedirectStatus = 303): LightResponse {
  if (typeof location !== "string" && !(location instanceof URL)) {
    throw new TypeError(
      `redirect(location, status) takes a path or a URL first, not ${describeValue(location)}: redirect("/login", 302).`,
    );
  }
  if (!REDIRECTS.has(status)) {
    throw new TypeError(`${status} is no redirect: use 301, 302, 303, 307 or 308.`);
  }
  const written = String(location);
  if (LONE_SURROGATE.test(written)) {
    throw new TypeError("Unsafe redirect: the location holds half a character (a lone surrogate).");
  }
  const target = written.replace(NON_ASCII, encodeURIComponent);
  const unsafe = CONTROL_OR_BACKSLASH.exec(target)?.[0];
  if (unsafe !== undefined) {
    throw new TypeError(`Unsafe redirect to ${JSON.stringify(written)}: ${adviceFor(unsafe)}.`);
  }
  if (target.startsWith("//")) {
    throw new TypeError(
      `Unsafe redirect to ${JSON.stringify(written)}: browsers take // for another origin. Write a path or an absolute http(s) URL.`,
    );
  }
  if (ANY_SCHEME.test(target) && !WEB_SCHEME.test(target)) {
    throw new TypeError(
      `Unsafe redirect to ${JSON.stringify(target)}: only http and https have a place there.`,
    );
  }
  const response = new LightResponse(null, { status });
  response.headers.set("location", target);
  return response;
}

function adviceFor(unsafe: string): string {
  return unsafe === " "
    ? "it has a space, which is written as %20"
    : unsafe === "\\"
      ? "it has a backslash, which browsers take for a slash"
      : "it has a control character";
}

/** A part of a response in front of its body. */
export type ResponsePart = number | Readonly<Record<string, string>> | Headers | HeaderSource;

/**
 * A response made of parts: a status, headers and cookie jars in any order, and the body last. An `ErrorResponse` is a
 * part as well, with its status, headers and cookies: for a page of one's own.
 *
 * @example
 * ```ts
 * respond(201, { location: "/users/7" }, json(user))
 * ```
 */
export function respond(...parts: [...ResponsePart[], IntoResponse]): LightResponse {
  const body = parts.at(-1);
  const made = intoResponse(body);
  // A constant, such as `redirect("/")`, must not be given the parts: the cookie of one client would go to the next.
  const response = typeof body === "object" && body !== null ? made.unshared() : made;
  for (const part of parts.slice(0, -1) as ResponsePart[]) {
    applyPart(response, part);
  }
  return response;
}

function applyPart(response: LightResponse, part: ResponsePart): void {
  if (typeof part === "number") {
    response.status = new LightResponse(null, { status: part }).status;
  } else if (part instanceof ErrorResponse) {
    response.status = part.status;
    part.appendTo(response.headers);
  } else if (typeof (part as Partial<HeaderSource> | null | undefined)?.appendTo === "function") {
    (part as HeaderSource).appendTo(response.headers);
  } else {
    applyHeaders(response.headers, checkedHeaders(part));
  }
}

function applyHeaders(headers: LightHeaders, given: HeadersInput): void {
  // Most often there is one: nothing to sort and to combine then, which takes most of the time otherwise.
  const pairs =
    Array.isArray(given) && given.length === 1 ? (given as [string, string][]) : LightHeaders.from(given);
  for (const [name, value] of pairs) {
    if (String(name).toLowerCase() === "set-cookie") {
      headers.append(name, value);
    } else {
      headers.set(name, value);
    }
  }
}

/** `Object.entries` takes anything, and a response for headers would send its fields as such. */
function checkedHeaders(part: unknown): HeadersInput {
  if (part instanceof LightHeaders || (isTagged(part) && part instanceof Headers)) {
    return part;
  }
  if (part instanceof LightResponse || (isTagged(part) && part instanceof Response)) {
    throw new TypeError(
      "A response stands in front of other parts of respond: the body comes last, respond(201, { location }, json(value)).",
    );
  }
  if (typeof part !== "object" || part === null || isPromiseLike(part) || ArrayBuffer.isView(part)) {
    throw notAPart(part);
  }
  const pairs: unknown[] = Symbol.iterator in part ? [...(part as Iterable<unknown>)] : Object.entries(part);
  for (const pair of pairs) {
    if (!Array.isArray(pair)) {
      throw notAPart(part);
    }
    const [name, value] = pair as unknown[];
    if (typeof value !== "string" && typeof value !== "number") {
      throw new TypeError(
        `The header "${String(name)}" is a string, not ${describeValue(value)}. Leave out what has no value; for several values of one name, give a Headers object.`,
      );
    }
  }
  return pairs as [string, string][];
}

function notAPart(part: unknown): TypeError {
  return new TypeError(
    `The parts of respond in front of the body are a status, headers or a cookie jar, not ${describeValue(part)}. The body comes last: respond(201, { location }, body).`,
  );
}
