import type { CookieAttributes } from "./cookie-attributes.ts";
import { CookieError } from "./cookie-errors.ts";

/** What the prefix of a cookie's name promises to the server that reads it. */
interface PrefixRules {
  readonly isSecure: boolean;
  readonly isHostOnly: boolean;
  readonly isHttpOnly: boolean;
}

const NO_PREFIX: PrefixRules = { isSecure: false, isHostOnly: false, isHttpOnly: false };

/** In lower case: browsers compare prefixes without regard to case, since some servers do so with names. */
const PREFIXES: readonly (readonly [prefix: string, rules: PrefixRules])[] = [
  ["__secure-", { isSecure: true, isHostOnly: false, isHttpOnly: false }],
  ["__http-", { isSecure: true, isHostOnly: false, isHttpOnly: true }],
  ["__host-http-", { isSecure: true, isHostOnly: true, isHttpOnly: true }],
  ["__host-", { isSecure: true, isHostOnly: true, isHttpOnly: false }],
];

/**
 * Throws a `CookieError` for attributes that the name, or another attribute, rules out: browsers drop such a cookie and
 * tell nobody. Returns whether the cookie must be `Secure`.
 *
 * Source: RFC 6265bis §4.1.3 and §5.7; for `__Http-`, draft-ietf-httpbis-layered-cookies.
 */
export function assertPrefixRules(name: string, attributes: CookieAttributes): boolean {
  const { isSecure, isHostOnly, isHttpOnly } = rulesFor(name);
  const needsSecure = isSecure || attributes.sameSite === "none" || attributes.partitioned === true;
  if (needsSecure && attributes.secure === false) {
    const reason = isSecure ? "its prefix" : attributes.partitioned ? "partitioned" : 'sameSite "none"';
    throw refused(name, `is Secure because of ${reason}: leave out secure: false`);
  }
  if (isHostOnly && attributes.domain !== undefined) {
    throw refused(name, "is for one host because of its prefix: leave out the domain, or the prefix");
  }
  if (isHostOnly && (attributes.path ?? "/") !== "/") {
    throw refused(name, "is for all paths because of its prefix: leave out the path, or the prefix");
  }
  if (isHttpOnly && attributes.httpOnly === false) {
    throw refused(name, "is HttpOnly because of its prefix: leave out httpOnly: false, or the prefix");
  }
  return needsSecure;
}

function rulesFor(name: string): PrefixRules {
  if (!name.startsWith("__")) {
    return NO_PREFIX;
  }
  const lowerCase = name.toLowerCase();
  return PREFIXES.find(([prefix]) => lowerCase.startsWith(prefix))?.[1] ?? NO_PREFIX;
}

function refused(name: string, why: string): CookieError {
  return new CookieError(`The cookie "${name}" ${why}. Browsers would drop it.`);
}
