import { stringifySetCookie } from "cookie";
import {
  type CookiePlace,
  domainMatches,
  goesTo,
  pathMatches,
  readSetCookie,
  type TestCookie,
} from "./test-cookie.ts";

/** Attributes of a cookie that a test puts into the jar by itself. */
export interface TestCookieAttributes {
  /** The host that it goes to, and those below it. Default: the client's own host only. */
  readonly domain?: string;
  /** Default "/". */
  readonly path?: string;
  readonly expires?: Date;
  /** In seconds. */
  readonly maxAge?: number;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
}

/** As many as browsers keep, about. */
const MOST_COOKIES = 3_000;

/**
 * The cookies of a test client. They come and go as in a browser (RFC 6265bis): by host, path, expiry and `Secure`, which
 * counts as kept on `localhost`, too. What `SameSite` forbids is sent all the same: a test has no page that it could
 * have come from.
 */
export class TestCookieJar implements Iterable<TestCookie> {
  readonly #own: CookiePlace;
  readonly #cookies = new Map<string, TestCookie>();

  /** @internal Jars come with their client. */
  constructor(own: CookiePlace) {
    this.#own = own;
  }

  /** The cookie with this name, the first one if several paths or hosts have one; `undefined` when there is none. */
  get(name: string): TestCookie | undefined {
    return this.all().find((cookie) => cookie.name === name);
  }

  /** All cookies that have not expired, in the order in which they came. */
  all(): TestCookie[] {
    const now = Date.now();
    for (const [identity, { expires }] of this.#cookies) {
      if (expires !== undefined && expires.getTime() <= now) {
        this.#cookies.delete(identity);
      }
    }
    return [...this.#cookies.values()];
  }

  [Symbol.iterator](): Iterator<TestCookie> {
    return this.all()[Symbol.iterator]();
  }

  /**
   * Puts a cookie in as if the service had set it. Its value is percent-encoded. Throws a `TypeError` for what is no cookie,
   * and when a browser would ignore it.
   */
  set(name: string, value: string, attributes: TestCookieAttributes = {}): void {
    const line = stringifySetCookie({ path: "/", ...attributes, name, value });
    const place = {
      ...this.#own,
      isSecure: true,
      host: attributes.domain?.replace(/^\./, "") ?? this.#own.host,
    };
    if (!this.#store(line, place)) {
      throw new TypeError(`A browser would ignore this cookie: ${line}`);
    }
  }

  /** Takes all cookies with this name away. */
  delete(name: string): void {
    for (const [identity, cookie] of this.#cookies) {
      if (cookie.name === name) {
        this.#cookies.delete(identity);
      }
    }
  }

  clear(): void {
    this.#cookies.clear();
  }

  /** @internal Keeps what an answer has set. */
  take(headers: Headers, place: CookiePlace): void {
    for (const line of headers.getSetCookie()) {
      this.#store(line, place);
    }
  }

  /** @internal The `Cookie` header for a request: longer paths first, then older cookies (RFC 6265 §5.4). */
  headerFor(place: CookiePlace): string {
    return this.all()
      .filter((cookie) => goesTo(cookie, place))
      .sort((one, other) => other.path.length - one.path.length)
      .map(({ name, rawValue }) => `${name}=${rawValue}`)
      .join("; ");
  }

  #store(line: string, place: CookiePlace): boolean {
    const cookie = readSetCookie(line, place, Date.now());
    if (cookie === null || (!place.isSecure && this.#isShadowing(cookie))) {
      return false;
    }
    // One of the same identity keeps its place (RFC 6265 §5.3, step 11).
    this.#cookies.set(`${cookie.name};${cookie.domain};${cookie.isHostOnly};${cookie.path}`, cookie);
    if (this.#cookies.size > MOST_COOKIES) {
      const [oldest] = this.#cookies.keys();
      this.#cookies.delete(oldest as string);
    }
    return true;
  }

  /** What came without encryption must not take the place of a `Secure` cookie (RFC 6265bis §5.7, step 12). */
  #isShadowing(cookie: TestCookie): boolean {
    return this.all().some(
      (kept) =>
        kept.secure &&
        kept.name === cookie.name &&
        (domainMatches(kept.domain, cookie.domain) || domainMatches(cookie.domain, kept.domain)) &&
        pathMatches(cookie.path, kept.path),
    );
  }
}
