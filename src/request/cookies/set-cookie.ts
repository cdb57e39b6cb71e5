import { describeValue } from "../../common/describe-value.ts";
import { assertAttributes, type CookieAttributes } from "./cookie-attributes.ts";
import { CookieError } from "./cookie-errors.ts";
import { assertPrefixRules } from "./cookie-prefix.ts";

/** A cookie as it goes to the browser. */
export interface SetCookie {
  /** What a browser tells cookies apart by (RFC 6265bis §5.7): a later one with the same identity replaces it. */
  readonly identity: string;
  /** The value of a `Set-Cookie` header. */
  readonly line: string;
}

/** RFC 6265 §4.1.1: a name is a token. */
const NAME = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
/** RFC 6265 §6.1: what every browser takes, in bytes, attributes included. A longer cookie is dropped, or cut. */
const LONGEST_COOKIE = 4096;
const SAME_SITE = { strict: "Strict", lax: "Lax", none: "None" } as const;

/**
 * Writes a cookie. Its value is percent-encoded.
 *
 * Throws a `CookieError` (`ARGANIA_COOKIE`) for what browsers would drop or take for something else.
 */
export function setCookie(
  name: string,
  value: string,
  attributes: CookieAttributes,
  isHttps: boolean,
): SetCookie {
  assertName(name);
  assertValue(name, value);
  assertAttributes(name, attributes);
  const needsSecure = assertPrefixRules(name, attributes);
  const { path = "/", domain = "", maxAge, expires, partitioned = false } = attributes;
  // What these may hold has been checked: they can be put together as they are.
  const line = [
    `${name}=${encodeURIComponent(value)}`,
    maxAge === undefined ? "" : `; Max-Age=${Math.max(0, maxAge)}`,
    domain === "" ? "" : `; Domain=${domain}`,
    `; Path=${path}`,
    expires === undefined ? "" : `; Expires=${expires.toUTCString()}`,
    (attributes.httpOnly ?? true) ? "; HttpOnly" : "",
    (attributes.secure ?? (needsSecure || isHttps)) ? "; Secure" : "",
    partitioned ? "; Partitioned" : "",
    `; SameSite=${SAME_SITE[attributes.sameSite ?? "lax"]}`,
  ].join("");
  if (line.length > LONGEST_COOKIE) {
    throw new CookieError(
      `The cookie "${name}" is ${line.length} bytes long, its attributes included: browsers take ${LONGEST_COOKIE}. Keep the data on the server, and a key to it in the cookie.`,
    );
  }
  return { identity: `${name};${identityOf(domain)};${path};${partitioned}`, line };
}

/** Case and a leading dot mean nothing in a domain (RFC 6265 §5.2.3). */
function identityOf(domain: string): string {
  return domain.replace(/^\./, "").toLowerCase();
}

function assertName(name: string): void {
  if (typeof name !== "string" || !NAME.test(name)) {
    const given = typeof name === "string" ? JSON.stringify(name) : describeValue(name);
    throw new CookieError(
      `The name of a cookie is a token, letters, digits and signs such as "-" or "_" (RFC 6265 §4.1.1), not ${given}.`,
    );
  }
}

/** Throws a `CookieError` for a value that would not come back as it was. */
export function assertValue(name: string, value: string): void {
  if (typeof value !== "string") {
    throw new CookieError(
      `The value of the cookie ${JSON.stringify(name)} is a string, not ${describeValue(value)}: write String(value), or JSON.stringify(value).`,
    );
  }
  if (LONE_SURROGATE.test(value)) {
    throw new CookieError(
      `The value of the cookie ${JSON.stringify(name)} holds half a character (a lone surrogate).`,
    );
  }
}
