import { assertOptions, wholeNumberOption } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import { isPromiseLike } from "../../common/maybe-promise.ts";
import { isStandardSchema, type StandardSchema } from "../../data/standard-schema.ts";
import type { CookieAttributes } from "../../request/cookies/cookie-attributes.ts";
import { setCookie } from "../../request/cookies/set-cookie.ts";
import type { RequestContext } from "../../request/request-context.ts";
import type { SessionStore } from "./session-store.ts";

export interface SessionOptions
  extends Pick<CookieAttributes, "path" | "domain" | "secure" | "sameSite" | "partitioned"> {
  /**
   * The name of the cookie. Default: `"session"`. Where the cookie is `Secure` it is `__Host-session`, with a path or
   * a domain `__Secure-session`: over HTTPS none that was planted over HTTP or by a subdomain is read. A name that begins
   * with `__` is taken as it is.
   */
  readonly name?: string;
  /**
   * After how many seconds without a request that asks for the session it is over; renewed when a tenth has passed.
   * Default: 86,400 (a day), or the `lifetime` if that is shorter. One that is longer than the `lifetime` is refused.
   */
  readonly idleTimeout?: number;
  /** After how many seconds it is over in any case, counted from its begin or `regenerate()`. Default: 604,800 (a week). */
  readonly lifetime?: number;
  /** Whether the browser keeps the cookie when it ends its own session. Default: `false`. */
  readonly persistent?: boolean;
}

export interface WithSchema<Data extends object> {
  /** What the data must be. A session whose data does not fit, as after a release with other data, reads as empty. */
  readonly schema: StandardSchema<unknown, Data>;
}

export interface WithStore {
  /**
   * Keeps the data on the server, and only an id in the cookie: in this store, or in the one that a function finds for a
   * request. It is called once for a request that asks for the session, and is synchronous; one that throws, or gives no
   * store, is a 500.
   */
  readonly store: SessionStore | SessionStoreChoice;
}

/** Finds the store of a request, such as in the context of its app: `(context) => shop.of(context).sessions`. */
export type SessionStoreChoice = (context: RequestContext<object>) => SessionStore;

/** How a cookie is called and set, for requests over HTTP or over HTTPS. */
export interface CookieForm {
  readonly name: string;
  readonly attributes: CookieAttributes;
}

/** Options that have been checked. */
export interface SessionSettings {
  readonly plain: CookieForm;
  readonly secure: CookieForm;
  /** In seconds, as `lifetime`. */
  readonly idleTimeout: number;
  readonly lifetime: number;
  readonly isPersistent: boolean;
  readonly schema: StandardSchema<unknown, object> | undefined;
  readonly store: SessionStore | SessionStoreChoice | undefined;
}

const NAMES = [
  "name",
  "schema",
  "store",
  "idleTimeout",
  "lifetime",
  "persistent",
  "path",
  "domain",
  "secure",
  "sameSite",
  "partitioned",
] as const;

const OWNER = "defineSession";
/** RFC 6265bis §5.5: browsers keep no cookie longer. In seconds. */
const LONGEST = 34_560_000;

/** Throws a `TypeError`, a `RangeError` or a `CookieError` for options that cannot be meant. */
export function sessionSettings(
  options: SessionOptions & Partial<WithSchema<object> & WithStore>,
): SessionSettings {
  assertOptions(OWNER, options, NAMES);
  const { schema, store, persistent = false } = options;
  if (typeof persistent !== "boolean") {
    throw new TypeError(`persistent of ${OWNER} is true or false, not ${describeValue(persistent)}.`);
  }
  // A schema that is undefined, as one is too early in a circle of imports, must not mean "unchecked".
  if ("schema" in options && !isStandardSchema(schema)) {
    throw new TypeError(
      `schema of ${OWNER} is a Standard Schema, as of zod, valibot or arktype, not ${describeValue(schema)}.`,
    );
  }
  if ("store" in options) {
    assertStore(store);
  }
  const seconds = (name: "idleTimeout" | "lifetime", preset: number) =>
    wholeNumberOption(OWNER, name, options[name], { least: 1, greatest: LONGEST, preset });
  const lifetime = seconds("lifetime", 604_800);
  const idleTimeout = seconds("idleTimeout", Math.min(86_400, lifetime));
  // Else it would never count: mostly milliseconds, as express-session takes them, and a session that lasts too long.
  if (idleTimeout > lifetime) {
    throw new RangeError(
      `idleTimeout of ${OWNER} is longer than the lifetime: ${idleTimeout} seconds of ${lifetime}. Write both in seconds, half an hour is 1_800, or give a longer lifetime.`,
    );
  }
  const [plain, secure] = [cookieForm(options, false), cookieForm(options, true)];
  return { plain, secure, idleTimeout, lifetime, isPersistent: persistent, schema, store };
}

function cookieForm(options: SessionOptions, isHttps: boolean): CookieForm {
  const { name = "session", path = "/", domain, sameSite = "lax", partitioned = false } = options;
  const isSecure = options.secure ?? (isHttps || sameSite === "none" || partitioned);
  const attributes: CookieAttributes = {
    path,
    domain,
    sameSite,
    partitioned,
    ...(String(name).startsWith("__") && options.secure === undefined ? {} : { secure: isSecure }),
  };
  const form = { name: prefixed(name, isSecure, path === "/" && domain === undefined), attributes };
  setCookie(form.name, "", attributes, isHttps);
  return form;
}

function prefixed(name: string, isSecure: boolean, isHostOnly: boolean): string {
  return !isSecure || String(name).startsWith("__") ? name : `${isHostOnly ? "__Host-" : "__Secure-"}${name}`;
}

const METHODS = ["load", "save", "delete"] as const;

function isStore(store: unknown): store is SessionStore {
  const given = store as Partial<SessionStore> | null | undefined;
  return METHODS.every((name) => typeof given?.[name] === "function");
}

function assertStore(store: unknown): void {
  if (typeof store !== "function" && !isStore(store)) {
    throw new TypeError(
      `store of ${OWNER} is an object with ${METHODS.join(", ")}, or a function (context) => store, not ${describeValue(store)}: write new MemorySessionStore(), or see SessionStore.`,
    );
  }
}

/** The store for one request; `undefined` where sessions are in their cookies. */
export function storeOf(
  { store }: SessionSettings,
  context: RequestContext<object>,
): SessionStore | undefined {
  if (store === undefined || isStore(store)) {
    return store;
  }
  const chosen: unknown = store(context);
  if (!isStore(chosen)) {
    if (isPromiseLike(chosen)) {
      // The error below says what is wrong: that this one may fail as well is nobody's business.
      Promise.resolve(chosen).catch(() => {});
    }
    throw new TypeError(
      `store of ${OWNER} is a function that returns a store, an object with ${METHODS.join(", ")}, and it returned ${describeValue(chosen)}.`,
    );
  }
  return chosen;
}
