import { describeValue } from "../../common/describe-value.ts";
import { CookieError } from "./cookie-errors.ts";

/**
 * How a browser is to keep a cookie. What is left out is as safe as it can be: for every path of this host only, not
 * for scripts, not for requests that other sites make. Source: RFC 6265bis §4.1.2.
 */
export interface CookieAttributes {
  /** The path that the cookie is for, with everything below it. Default: `"/"`, and not the path of the request. */
  readonly path?: string | undefined;
  /** The domain that the cookie is for, with all of its subdomains. Default: this host only. */
  readonly domain?: string | undefined;
  /** How long the cookie lives, in whole seconds up to 400 days. Default: until the browser ends its session. */
  readonly maxAge?: number | undefined;
  /** Until when the cookie lives, at most 400 days from now. `maxAge` wins over it. */
  readonly expires?: Date | undefined;
  /** Whether scripts cannot read the cookie. Default: `true`. */
  readonly httpOnly?: boolean | undefined;
  /**
   * Whether the cookie is sent over HTTPS only. Default: `true` if this request came over HTTPS (trusted proxies are
   * believed), if the name begins with a prefix such as `__Host-`, and with `sameSite: "none"` or `partitioned`.
   */
  readonly secure?: boolean | undefined;
  /** Which requests that come from other sites bring the cookie. Default: `"lax"`, only following a link. */
  readonly sameSite?: "strict" | "lax" | "none" | undefined;
  /** Whether an embedded page has a jar of its own for each site that embeds it (CHIPS). Default: `false`. */
  readonly partitioned?: boolean | undefined;
}

/** RFC 6265bis §5.5: browsers keep no cookie longer than 400 days. In seconds. */
const LONGEST = 400 * 24 * 60 * 60;
/** RFC 6265bis §5.6: browsers ignore an attribute that is longer. */
const LONGEST_ATTRIBUTE = 1024;
/** RFC 6265 §4.1.1, without `<`, which some parsers refuse. */
const PATH = /^\/[ -:=-~]*$/;
/** RFC 1123 §2.1. A leading dot means nothing (RFC 6265 §5.2.3). */
const DOMAIN = /^\.?[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i;
const SAME_SITE: ReadonlySet<unknown> = new Set(["strict", "lax", "none"]);

type Rule = readonly [isValid: (value: unknown) => boolean, expected: string];

const BOOLEAN: Rule = [(value) => typeof value === "boolean", "true or false"];

const RULES: Readonly<Record<keyof CookieAttributes, Rule>> = {
  path: [(value) => isShort(value) && PATH.test(value), 'a path such as "/admin", percent-encoded'],
  domain: [(value) => isShort(value) && DOMAIN.test(value), 'a domain such as "example.com"'],
  maxAge: [
    (value) => Number.isInteger(value) && (value as number) <= LONGEST,
    "whole seconds, at most 34_560_000 (400 days: no browser keeps a cookie longer)",
  ],
  expires: [isNearDate, "a valid Date, at most 400 days from now (no browser keeps a cookie longer)"],
  httpOnly: BOOLEAN,
  secure: BOOLEAN,
  sameSite: [(value) => SAME_SITE.has(value), '"strict", "lax" or "none"'],
  partitioned: BOOLEAN,
};

/** Throws a `CookieError` for attributes that are unknown or malformed. */
export function assertAttributes(cookie: string, attributes: CookieAttributes): void {
  if (typeof attributes !== "object" || attributes === null) {
    throw new CookieError(
      `The attributes of the cookie "${cookie}" are an object such as { maxAge: 3600 }, not ${describeValue(attributes)}.`,
    );
  }
  for (const [name, value] of Object.entries(attributes)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof CookieAttributes] : undefined;
    if (rule === undefined) {
      throw new CookieError(
        `The cookie "${cookie}" has the unknown attribute ${JSON.stringify(name)}: there are ${Object.keys(RULES).join(", ")}.`,
      );
    }
    const [isValid, expected] = rule;
    if (value !== undefined && !isValid(value)) {
      throw new CookieError(`The ${name} of the cookie "${cookie}" is ${expected}, not ${shown(value)}.`);
    }
  }
}

function isShort(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_ATTRIBUTE;
}

function isNearDate(value: unknown): boolean {
  return value instanceof Date && value.getTime() <= Date.now() + LONGEST * 1000;
}

function shown(value: unknown): string {
  return typeof value === "string"
    ? JSON.stringify(value)
    : typeof value === "number"
      ? String(value)
      : describeValue(value);
}
