import type { MaybePromise } from "../../common/maybe-promise.ts";
import type { Extractor } from "../../data/extractor.ts";
import { ExtensionKey } from "../../request/extensions.ts";
import type { RequestContext } from "../../request/request-context.ts";
import type { Session } from "./session.ts";
import { SessionError } from "./session-error.ts";
import { SessionExchange } from "./session-exchange.ts";
import {
  type SessionOptions,
  type SessionSettings,
  sessionSettings,
  type WithSchema,
  type WithStore,
} from "./session-settings.ts";

/** What JSON gives back as it was: a `Date`, a `Map` or a function is none. */
export type Jsonable<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends
          | bigint
          | symbol
          | ((...parameters: never[]) => unknown)
          | { toJSON(...parameters: never[]): unknown }
      ? never
      : T extends readonly unknown[]
        ? JsonableItems<T>
        : T extends object
          ? { [Key in keyof T]: Jsonable<T[Key]> }
          : never;

// Of an array, a mapped type asks at once, and without end where it has arrays like itself, as "any JSON" has.
type JsonableItems<T extends readonly unknown[]> = number extends T["length"]
  ? readonly Jsonable<T[number]>[]
  : { [Index in keyof T]: Jsonable<T[Index]> };

/** An object whose members are {@link Jsonable}. */
export type JsonableMembers<Data> = object & { readonly [Key in keyof Data]: Jsonable<Data[Key]> };

/** The session whose layer was entered last. */
const ENTERED: ExtensionKey<SessionExchange> = /* @__PURE__ */ new ExtensionKey<SessionExchange>("sessions");

/** Of two sessions in one cookie, the browser would keep what is sent last, and the other one would be lost each time. */
function assertOwnCookie({ cookieName }: SessionExchange, outer: SessionExchange | undefined): void {
  for (let each = outer; each !== undefined; each = each.outer) {
    if (each.cookieName === cookieName) {
      throw new SessionError(
        `Two sessions have the same cookie, "${cookieName}": give one of them another name, defineSession({ name: "admin" }), or give both SessionLayers the same session.`,
      );
    }
  }
}

/** A session as the program knows it: what {@link defineSession} returns. */
export abstract class SessionDefinition {
  readonly #key = new ExtensionKey<SessionExchange>("session");
  readonly #settings: SessionSettings;

  /** @internal Use `defineSession`. */
  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  /** @internal */
  get "argania.jsonAdvice"(): string {
    return "is the definition of a session, of which JSON leaves {}: write session.of(context), or take what [session] gives the handler.";
  }

  /** @internal The part that the layer plays. */
  static enter(definition: SessionDefinition, context: RequestContext): SessionExchange {
    const { extensions } = context;
    let exchange = extensions.get(definition.#key);
    if (exchange === undefined) {
      exchange = new SessionExchange(definition.#settings, context);
      assertOwnCookie(exchange, extensions.get(ENTERED));
      exchange.outer = extensions.get(ENTERED);
      extensions.set(ENTERED, exchange);
      extensions.set(definition.#key, exchange);
    }
    exchange.enter();
    return exchange;
  }

  /** @internal */
  protected open(context: RequestContext<object>): MaybePromise<Session<object>> {
    const exchange = context.extensions.get(this.#key);
    if (exchange === undefined) {
      throw new TypeError(
        "There is no session here: add new SessionLayer(session) to the router, or to a resource on the way to this handler.",
      );
    }
    return exchange.open();
  }
}

/** A session whose data is in its cookie. It is an extractor, too. */
export class CookieSession<Data extends object>
  extends SessionDefinition
  implements Extractor<Session<Data>, object>
{
  /** The session of a request. Throws a `TypeError` where no `SessionLayer` of it is on the way. */
  of(context: RequestContext<object>): Session<Data> {
    return this.open(context) as Session<Data>;
  }

  extract(context: RequestContext<object>): Session<Data> {
    return this.of(context);
  }
}

/** A session whose data is in a store. It is an extractor, too. */
export class StoredSession<Data extends object>
  extends SessionDefinition
  implements Extractor<Session<Data>, object>
{
  /** The session of a request. Rejects with a `TypeError` where no `SessionLayer` of it is on the way. */
  async of(context: RequestContext<object>): Promise<Session<Data>> {
    return this.extract(context);
  }

  extract(context: RequestContext<object>): MaybePromise<Session<Data>> {
    return this.open(context) as MaybePromise<Session<Data>>;
  }
}

/**
 * Defines a session: an encrypted cookie that the server alone can read and change. Add a {@link SessionLayer} of it where
 * it is needed, and ask for it in handlers and in layers further in, with `[session]` or `session.of(context)`.
 *
 * The key is that of private cookies, `cookieKey` of `argania/cookies`. Without a schema the type of the data is the
 * program's word for it; a schema checks it. With a `store` the data is kept on the server, and `session.of(context)` is
 * a promise; a function `(context) => store` finds the store of a request. Defaults: the cookie is `__Host-session` over HTTPS, `HttpOnly`, `SameSite=Lax`; the session is over after a
 * day without requests, and after a week.
 *
 * Sessions that one request may need side by side have names of their own: the second `SessionLayer` with a cookie of the same
 * name fails the request with a `SessionError` (`ARGANIA_SESSION`).
 *
 * Throws a `TypeError`, a `RangeError` or a `CookieError` (`ARGANIA_COOKIE`) for options that cannot be meant.
 *
 * @example
 * ```ts
 * const session = defineSession<{ userId: string }>({ idleTimeout: 1800 });
 *
 * router.setProperty(cookieKey.to(CookieKey.from(process.env.COOKIE_SECRET)));
 * router.addLayerTo(_requestPasser(new SessionLayer(session)));
 * home.setHandlerFor(_get.to([session], (current) => `User ${current.get("userId") ?? "unknown"}`));
 * ```
 * Source: Loco's session initializer, tower-sessions, Rails' cookie store.
 */
export function defineSession<Data extends object>(
  options: SessionOptions & WithSchema<Data> & WithStore,
): StoredSession<Data>;
export function defineSession<Data extends object>(
  options: SessionOptions & WithSchema<Data> & { readonly store?: never },
): CookieSession<Data>;
export function defineSession<Data extends JsonableMembers<Data> = Record<string, unknown>>(
  options: SessionOptions & WithStore & { readonly schema?: never },
): StoredSession<Data>;
export function defineSession<Data extends JsonableMembers<Data> = Record<string, unknown>>(
  options?: SessionOptions & { readonly schema?: never; readonly store?: never },
): CookieSession<Data>;
// Compilers tell what is wrong with a call by the last of its forms.
export function defineSession(
  options: SessionOptions & Partial<WithSchema<object> & WithStore>,
): CookieSession<Record<string, unknown>> | StoredSession<Record<string, unknown>>;
export function defineSession(
  options: SessionOptions & Partial<WithSchema<object> & WithStore> = {},
): SessionDefinition {
  const settings = sessionSettings(options);
  return settings.store === undefined ? new CookieSession(settings) : new StoredSession(settings);
}
