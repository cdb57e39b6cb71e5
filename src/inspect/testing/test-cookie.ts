import { parseSetCookie } from "cookie";

/** A cookie as the jar of a test client keeps it. */
export interface TestCookie {
  readonly name: string;
  /** Percent-decoded where that is possible. */
  readonly value: string;
  /** As it was sent, and as it is sent back. */
  readonly rawValue: string;
  readonly domain: string;
  /** Whether it goes to `domain` only, and not to hosts below it. */
  readonly isHostOnly: boolean;
  readonly path: string;
  /** `undefined` for a cookie of the session. */
  readonly expires: Date | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: "lax" | "strict" | "none" | undefined;
}

/** What a cookie is checked against: the request that its answer has set it in, or that it may be sent with. */
export interface CookiePlace {
  /** In lower case, without a port. */
  readonly host: string;
  readonly path: string;
  /** Whether cookies that are `Secure` may come and go: HTTPS, and this machine, as browsers have it. */
  readonly isSecure: boolean;
}

/** RFC 6265bis §5.7: of a name and value together; browsers ignore longer ones. */
const LONGEST_COOKIE = 4_096;

/**
 * Reads a `Set-Cookie` as a browser does; `null` for what it would ignore (RFC 6265bis §5.6 and §5.7). A cookie that
 * has expired already is read: it takes another one away.
 */
export function readSetCookie(line: string, place: CookiePlace, now: number): TestCookie | null {
  const { name, value: rawValue = "", ...attributes } = parseSetCookie(line, { decode: (text) => text });
  if (name === "" || name.length + rawValue.length > LONGEST_COOKIE) {
    return null;
  }
  const { secure = false, httpOnly = false } = attributes;
  const named = attributes.domain?.replace(/^\./, "").toLowerCase() ?? "";
  const domain = named === "" ? place.host : named;
  const path = attributes.path?.startsWith("/") === true ? attributes.path : defaultPath(place.path);
  const isAllowed =
    (!secure || place.isSecure) &&
    mayHaveDomain(place.host, domain) &&
    keepsPrefix(name, { secure, httpOnly, isHostOnly: named === "", path: attributes.path });
  if (!isAllowed) {
    return null;
  }
  return {
    name,
    value: decoded(rawValue),
    rawValue,
    domain,
    isHostOnly: named === "",
    path,
    expires: expiryOf(attributes, now),
    secure,
    httpOnly,
    sameSite: typeof attributes.sameSite === "string" ? attributes.sameSite : undefined,
  };
}

/** RFC 6265 §5.4. */
export function goesTo(cookie: TestCookie, { host, path, isSecure }: CookiePlace): boolean {
  return (
    (cookie.isHostOnly ? host === cookie.domain : domainMatches(host, cookie.domain)) &&
    pathMatches(path, cookie.path) &&
    (!cookie.secure || isSecure)
  );
}

/** A cookie for all of `com` is refused, as far as that can be told without the list of public suffixes. */
function mayHaveDomain(host: string, domain: string): boolean {
  return host === domain || (domain.includes(".") && domainMatches(host, domain));
}

/** RFC 6265 §5.1.3: addresses have no subdomains. */
export function domainMatches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|^\[/.test(host));
}

/** RFC 6265 §5.1.4. */
export function pathMatches(path: string, cookiePath: string): boolean {
  return (
    path === cookiePath ||
    (path.startsWith(cookiePath) && (cookiePath.endsWith("/") || path.charAt(cookiePath.length) === "/"))
  );
}

function defaultPath(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}

interface Promised {
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly isHostOnly: boolean;
  readonly path: string | undefined;
}

/** RFC 6265bis §4.1.3, in any case. */
function keepsPrefix(name: string, { secure, httpOnly, isHostOnly, path }: Promised): boolean {
  const prefix = /^__(?:host-http|host|secure|http)-/i.exec(name)?.[0].toLowerCase() ?? "";
  return (
    (prefix === "" || secure) &&
    (!prefix.startsWith("__host-") || (isHostOnly && path === "/")) &&
    (!prefix.endsWith("http-") || httpOnly)
  );
}

/** `Max-Age` comes before `Expires` (RFC 6265 §5.3). */
function expiryOf({ maxAge, expires }: { maxAge?: number; expires?: Date }, now: number): Date | undefined {
  // No date is later than this one.
  return maxAge === undefined ? expires : new Date(Math.min(now + Math.max(0, maxAge) * 1_000, 8.64e15));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
