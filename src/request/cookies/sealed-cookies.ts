import type { CookieAttributes } from "./cookie-attributes.ts";
import type { CookieJar } from "./cookie-jar.ts";
import type { CookieCipher } from "./cookie-key-property.ts";
import { assertValue } from "./set-cookie.ts";

/** How text is protected, and how it is had back. */
export interface Sealing {
  readonly protect: "sign" | "seal";
  readonly reveal: "verify" | "open";
}

/** What came of a cookie, as long as nobody changes it. */
interface Reading {
  readonly token: string;
  readonly keys: readonly CookieCipher[];
  readonly text: string | undefined;
  readonly isOutdated: boolean;
}

/**
 * The signed, or the private, cookies of a jar. One that was tampered with, cut, moved to another name, made with a
 * key that is not in force or expired is absent.
 *
 * Reading and setting throw a `MissingCookieKeyError` (`ARGANIA_MISSING_COOKIE_KEY`) where no `cookieKey` is in force.
 */
export class SealedCookies {
  readonly #jar: CookieJar;
  readonly #keys: () => readonly CookieCipher[];
  readonly #sealing: Sealing;
  /** Layers and handlers ask for the same session, and each look costs microseconds. */
  readonly #readings = new Map<string, Reading>();

  /** @internal Only for the framework: use `context.cookies().signed` and `.private`. */
  constructor(jar: CookieJar, keys: () => readonly CookieCipher[], sealing: Sealing) {
    this.#jar = jar;
    this.#keys = keys;
    this.#sealing = sealing;
  }

  /** The value of a cookie, or `undefined` when there is none that can be trusted. */
  get(name: string): string | undefined {
    const text = this.#read(name)?.text;
    return text === undefined ? undefined : valueIn(text);
  }

  /** Whether there is a cookie that can be trusted. */
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Whether a cookie was made with another key than the newest: set it again, before its key goes. */
  needsRenewal(name: string): boolean {
    return this.has(name) && this.#read(name)?.isOutdated === true;
  }

  /**
   * Sets a cookie. With `maxAge` or `expires` it expires here as well as in the browser: who copied it cannot use it
   * longer. Returns the jar, to be sent.
   *
   * Throws a `CookieError` (`ARGANIA_COOKIE`) for what browsers would drop.
   */
  set(name: string, value: string, attributes: CookieAttributes = {}): CookieJar {
    assertValue(name, value);
    const [newest] = this.#keys() as readonly [CookieCipher];
    const token = newest[this.#sealing.protect](name, `${expiryOf(attributes)}.${value}`);
    return this.#jar.set(name, token, attributes);
  }

  /** Removes a cookie, as `remove` of the jar does: it needs the path and the domain that the cookie was set with. */
  remove(name: string, attributes: CookieAttributes = {}): CookieJar {
    return this.#jar.remove(name, attributes);
  }

  #read(name: string): Reading | undefined {
    const keys = this.#keys();
    const token = this.#jar.get(name);
    if (token === undefined) {
      return undefined;
    }
    const known = this.#readings.get(name);
    if (known !== undefined && known.token === token && known.keys === keys) {
      return known;
    }
    const reading = { token, keys, ...this.#reveal(name, token, keys) };
    this.#readings.set(name, reading);
    return reading;
  }

  #reveal(name: string, token: string, keys: readonly CookieCipher[]): Pick<Reading, "text" | "isOutdated"> {
    for (const [age, key] of keys.entries()) {
      const text = key[this.#sealing.reveal](name, token);
      if (text !== undefined) {
        return { text, isOutdated: age > 0 };
      }
    }
    return { text: undefined, isOutdated: false };
  }
}

/** The second since 1970 from which on the cookie is absent, in base 36; empty when there is none. */
function expiryOf({ maxAge, expires }: CookieAttributes): string {
  if (typeof maxAge === "number") {
    return (Math.floor(Date.now() / 1000) + maxAge).toString(36);
  }
  return expires instanceof Date ? Math.floor(expires.getTime() / 1000).toString(36) : "";
}

/** As `expiryOf` writes it. What the same key has sealed for something else, as a session, begins in another way. */
const EXPIRY = /^(-?[\da-z]+)?\./;

/** What stands behind the expiry, unless that is over. */
function valueIn(text: string): string | undefined {
  const [prefix, expiry] = EXPIRY.exec(text) ?? [];
  const isOver = expiry !== undefined && Date.now() >= Number.parseInt(expiry, 36) * 1000;
  return prefix === undefined || isOver ? undefined : text.slice(prefix.length);
}
