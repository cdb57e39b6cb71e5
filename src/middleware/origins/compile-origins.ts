import { describeValue } from "../../common/describe-value.ts";
import { chain, type MaybePromise } from "../../common/maybe-promise.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { compileOriginRegex, type TextTest } from "./origin-regex.ts";
import { assertOrigin, isSerializedOrigin, OPAQUE_ORIGIN } from "./origin-text.ts";

/**
 * One origin, `"https://example.com"`; all subdomains of a host, `"https://*.example.com"`; any port of a host,
 * `"http://localhost:*"`; or a regex that matches the whole origin.
 */
export type OriginPattern = string | RegExp;

/**
 * Decides on an origin, which is one that a browser could send: in lower case, without a path. Only `true` allows it.
 * What it throws becomes the answer.
 */
export type OriginDecision = (origin: string, context: RequestContext) => MaybePromise<boolean>;

/** Origins that are allowed to do something. */
export type AllowedOrigins = OriginPattern | readonly OriginPattern[] | OriginDecision;

export interface OriginRules {
  /** Where the origins stand, for errors: `"origins of CorsLayer"`. */
  readonly owner: string;
  /** Whether `"null"` may be allowed: any page can get it, by a sandboxed frame. */
  readonly takesOpaque: boolean;
}

/**
 * Makes one test of what is allowed. Values that no browser sends are never allowed.
 *
 * Throws a `TypeError` for origins that could never match, or would match more than they seem to.
 */
export function compileOrigins(allowed: AllowedOrigins, rules: OriginRules): OriginDecision {
  const isAskable = (origin: string) =>
    isSerializedOrigin(origin) || (origin === OPAQUE_ORIGIN && rules.takesOpaque);
  if (typeof allowed === "function") {
    return (origin, context) =>
      isAskable(origin) && chain(allowed(origin, context), (isAllowed) => isAllowed === true);
  }
  const patterns = Array.isArray(allowed) ? (allowed as readonly unknown[]) : [allowed];
  if (patterns.length === 0) {
    throw new TypeError(`The list ${rules.owner} is empty: leave the layer out, or list an origin.`);
  }
  const exact = new Set<string>();
  const tests: TextTest[] = [];
  for (const pattern of patterns) {
    const test = compilePattern(pattern, rules);
    typeof test === "string" ? exact.add(test) : tests.push(test);
  }
  return (origin) =>
    exact.has(origin) || (tests.length > 0 && isAskable(origin) && tests.some((test) => test(origin)));
}

function compilePattern(pattern: unknown, { owner, takesOpaque }: OriginRules): string | TextTest {
  if (pattern instanceof RegExp) {
    return compileOriginRegex(owner, pattern);
  }
  if (typeof pattern !== "string") {
    throw new TypeError(
      `${owner} are strings, regexes or a function, not ${describeValue(pattern)}: write "https://example.com".`,
    );
  }
  if (pattern === OPAQUE_ORIGIN) {
    if (!takesOpaque) {
      throw new TypeError(
        `"null" is not for ${owner}: every page can have this origin, by a sandboxed frame. List the origins themselves.`,
      );
    }
    return pattern;
  }
  if (!pattern.includes("*")) {
    assertOrigin(owner, pattern);
    return pattern;
  }
  return compileWildcards(owner, pattern);
}

/** The wildcards of `https://*.example.com:*`: for one or more labels, and for a port or none. */
function compileWildcards(owner: string, pattern: string): TextTest {
  const [, scheme = "", labels = "", host = "", port = ""] =
    /^([^*/]+:\/\/)(\*\.)?([^*]*?)(:\*)?$/.exec(pattern) ?? [];
  if (host === "" || (labels !== "" && !/[^.]\.[^.]|^localhost$/.test(host))) {
    throw new TypeError(
      `"${pattern}" in ${owner} is no pattern for origins: write "https://*.example.com", "http://localhost:*", or a function.`,
    );
  }
  assertOrigin(owner, `${scheme}${host}`);
  const quoted = (text: string) => text.replace(/[.+[\]]/g, "\\$&");
  const subdomains = labels === "" ? "" : "(?:[a-z\\d_-]+\\.)+";
  const anyPort = port === "" ? "" : "(?::\\d+)?";
  return compileOriginRegex(
    owner,
    new RegExp(`^${quoted(scheme)}${subdomains}${quoted(host)}${anyPort}$`, "u"),
  );
}
