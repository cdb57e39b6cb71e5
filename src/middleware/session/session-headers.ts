import { CookieError } from "../../request/cookies/cookie-errors.ts";
import type { CookieCipher } from "../../request/cookies/cookie-key-property.ts";
import { setCookie } from "../../request/cookies/set-cookie.ts";
import { addVary } from "../../response/vary.ts";
import { SessionError } from "./session-error.ts";
import type { CookieForm } from "./session-settings.ts";

/** What a response must say after a session was asked for. */
export class SessionHeaders {
  /** The `Set-Cookie` to send. */
  line: string | undefined = undefined;
  isSent = false;

  /**
   * No cache may hand the answer to somebody else: it depends on the cookie, and with `Set-Cookie` it would hand over the
   * session itself (RFC 9111 §7.3), so that what the handler says of caching counts only while it does not share.
   */
  addTo(headers: Headers): void {
    this.isSent = true;
    addVary(headers, "Cookie");
    const caching = headers.get("cache-control");
    if (caching === null || (this.line !== undefined && !IS_PRIVATE.test(caching))) {
      headers.set("cache-control", "private, no-cache");
    }
    if (this.line !== undefined && !headers.getSetCookie().includes(this.line)) {
      headers.append("set-cookie", this.line);
    }
  }
}

/** A directive of its own, not `private="field"`, which lets the rest be shared (RFC 9111 §5.2.2.7). */
const IS_PRIVATE = /(?:^|,)\s*(?:private|no-store)\s*(?:,|$)/i;

/**
 * The `Set-Cookie` of a session.
 *
 * Throws a `SessionError` (`ARGANIA_SESSION`) for one that is too long for browsers.
 *
 * @param maxAge in seconds; without it, until the browser ends its session
 */
export function sessionLine(
  { name, attributes }: CookieForm,
  key: CookieCipher,
  text: string,
  maxAge: number | undefined,
  isHttps: boolean,
): string {
  try {
    return setCookie(name, key.seal(name, text), { ...attributes, maxAge }, isHttps).line;
  } catch (cause) {
    if (!(cause instanceof CookieError)) {
      throw cause;
    }
    throw new SessionError(
      `The session "${name}" does not fit into a cookie, which has ${text.length} characters before encryption, about 2,900 at most: keep less in it, or give defineSession a store.`,
      { cause },
    );
  }
}

export function removalLine({ name, attributes }: CookieForm, isHttps: boolean): string {
  return setCookie(name, "", { ...attributes, maxAge: 0, expires: new Date(0) }, isHttps).line;
}
