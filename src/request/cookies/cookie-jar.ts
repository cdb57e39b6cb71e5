import { parseCookie } from "cookie";
import type { PropertyKind } from "../../common/property.ts";
import type { CookieAttributes } from "./cookie-attributes.ts";
import { CookieChanges } from "./cookie-changes.ts";
import { MissingCookieKeyError } from "./cookie-errors.ts";
import { type CookieCipher, cookieKey } from "./cookie-key-property.ts";
import { SealedCookies, type Sealing } from "./sealed-cookies.ts";
import { setCookie } from "./set-cookie.ts";
import { type ObservedRequest, watchCookies } from "./unsent-cookies.ts";

/** As much of a request as a jar needs. */
export interface CookieSource extends ObservedRequest {
  readonly path: string;
  readonly scheme: "http" | "https";
  header(name: string): string | undefined;
  property<T>(kind: PropertyKind<T>): T;
}

type Values = Readonly<Record<string, string | undefined>>;

const SIGNED: Sealing = { protect: "sign", reveal: "verify" };
const PRIVATE: Sealing = { protect: "seal", reveal: "open" };
const REMOVED: CookieAttributes = { maxAge: 0, expires: new Date(0) };

/**
 * The cookies of a request, and what is to become of them.
 *
 * Nothing is parsed before somebody asks. Where a name occurs twice, the first one counts: browsers send the one with
 * the longest path first (RFC 6265 §5.4). Changes are seen at once by all who ask, and are sent with the response that
 * the jar is given to, only them: `respond(jar, body)`, or `jar.applyTo(response)` in a layer. Unless `NODE_ENV` is
 * "production", changes that are in no response are a warning of the process, once for each route.
 *
 * @example
 * ```ts
 * resource.setHandlerFor(_get.to((context) => {
 *   const jar = context.cookies();
 *   const visits = Number(jar.get("visits") ?? 0) + 1;
 *   return respond(jar.set("visits", String(visits), { maxAge: 86_400 }), `Visit ${visits}`);
 * }));
 * ```
 * Source: argan, `CookieJar`; RFC 6265bis.
 */
export class CookieJar {
  readonly #source: CookieSource;
  #received: Values | undefined = undefined;
  #changes: CookieChanges | undefined = undefined;
  #signed: SealedCookies | undefined = undefined;
  #private: SealedCookies | undefined = undefined;

  /** @internal Only for the framework: use `context.cookies()`. */
  constructor(source: CookieSource) {
    this.#source = source;
  }

  /** @internal */
  get "argania.jsonAdvice"(): string {
    return 'is a jar of cookies, of which JSON leaves {}: name the cookies that are meant, { theme: jar.get("theme") }; to send its changes, respond(jar, json(…)).';
  }

  /** The value of a cookie, percent-decoded if it can be. Of a signed or private cookie it is what the client sent. */
  get(name: string): string | undefined {
    const changed = this.#changes?.values;
    return changed?.has(name) === true ? changed.get(name) : this.#values[name];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Names and values, as `get` has them. */
  *[Symbol.iterator](): Generator<[name: string, value: string], undefined, unknown> {
    const changed = this.#changes?.values.keys() ?? [];
    for (const name of new Set([...Object.keys(this.#values), ...changed])) {
      const value = this.get(name);
      if (value !== undefined) {
        yield [name, value];
      }
    }
  }

  /** The cookies that the server has signed: clients can read them, and cannot change them. */
  get signed(): SealedCookies {
    this.#signed ??= this.#sealed(SIGNED);
    return this.#signed;
  }

  /** The cookies that the server has encrypted: clients can neither read nor change them. */
  get private(): SealedCookies {
    this.#private ??= this.#sealed(PRIVATE);
    return this.#private;
  }

  /**
   * Sets a cookie. Its value is percent-encoded.
   *
   * Throws a `CookieError` (`ARGANIA_COOKIE`) for what browsers would drop: a name that is no token, attributes that
   * contradict the prefix of the name or each other, more than 4,096 bytes.
   */
  set(name: string, value: string, attributes: CookieAttributes = {}): this {
    return this.#change(name, value, value, attributes);
  }

  /**
   * Removes a cookie from the browser. It needs the path, the domain and `partitioned` that the cookie was set with;
   * other attributes may be there, too, and those that say how long it lives are ignored.
   *
   * Throws a `CookieError` (`ARGANIA_COOKIE`) as `set` does.
   */
  remove(name: string, attributes: CookieAttributes = {}): this {
    return this.#change(name, undefined, "", { ...attributes, ...REMOVED });
  }

  /** Adds the changes to the headers of a response. Adding them again changes nothing. */
  appendTo(headers: Headers): void {
    this.#changes?.appendTo(headers);
  }

  /** Adds the changes to a response, in a layer: `context.cookies().applyTo(await next())`. Returns the response. */
  applyTo<T extends { readonly headers: Headers }>(response: T): T {
    this.appendTo(response.headers);
    return response;
  }

  /** The changes without a body, for a handler that returns the jar. */
  intoResponse(): Response {
    return this.applyTo(new Response(null));
  }

  get #values(): Values {
    this.#received ??= readCookies(this.#source.header("cookie"));
    return this.#received;
  }

  #change(name: string, seen: string | undefined, sent: string, attributes: CookieAttributes): this {
    const cookie = setCookie(name, sent, attributes, this.#source.scheme === "https");
    this.#changes ??= this.#newChanges();
    this.#changes.add(name, seen, cookie);
    return this;
  }

  #newChanges(): CookieChanges {
    const changes = new CookieChanges();
    watchCookies(this.#source, () => changes.isSent);
    return changes;
  }

  #sealed(sealing: Sealing): SealedCookies {
    return new SealedCookies(this, () => this.#keys(), sealing);
  }

  #keys(): readonly CookieCipher[] {
    const keys = this.#source.property<readonly CookieCipher[]>(cookieKey);
    if (keys.length === 0) {
      throw new MissingCookieKeyError(this.#source.path);
    }
    return keys;
  }
}

const NO_VALUES: Values = Object.freeze(Object.create(null) as Values);

/** The cookies of a header. One without a name is nobody's, and no other can be forged with it. */
function readCookies(header: string | undefined): Values {
  if (header === undefined) {
    return NO_VALUES;
  }
  const values = parseCookie(header);
  if (values[""] !== undefined) {
    delete values[""];
  }
  return values;
}
