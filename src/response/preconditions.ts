import { isEntityTag, matchesStrongly, matchesWeakly, someEntityTag } from "./entity-tags.ts";
import { parseHttpDate } from "./http-date.ts";

/** What is known of the current representation of a resource (RFC 9110 §8.8). */
export interface Validators {
  /** With its quotes, and with `W/` in front if it is weak. */
  readonly etag?: string | undefined;
  /** Only its whole seconds count: HTTP has no finer ones. */
  readonly lastModified?: Date | undefined;
}

/**
 * What has to happen with a request: go on; go on without its `Range`; answer 304; answer 412.
 */
export type Precondition = "proceed" | "ignore-range" | "not-modified" | "failed";

/** They neither select nor change a representation: there is nothing that a condition could be about. */
const UNCONDITIONAL: ReadonlySet<string> = new Set(["CONNECT", "OPTIONS", "TRACE"]);

/** Whether conditions of a request with this method mean anything (RFC 9110 §13.2.1). */
export function takesConditions(method: string): boolean {
  return !UNCONDITIONAL.has(method);
}

/**
 * Evaluates `If-Match`, `If-Unmodified-Since`, `If-None-Match`, `If-Modified-Since` and `If-Range` in the order of
 * RFC 9110 §13.2.2. A date that is no HTTP date is as good as not sent.
 *
 * The package `fresh` answers only whether a cached copy may be used (the third and fourth of these). It takes any text
 * that `Date.parse` takes for a date, splits tags at the commas inside of them, and lets `Cache-Control: no-cache`
 * suppress a 304, which RFC 9110 does not.
 *
 * @param header gives a header of the request by its name in lower case, several values joined by ", "
 * @param current `null` when the target does not exist
 *
 * @example
 * ```ts
 * switch (evaluatePreconditions(context.method, (name) => context.header(name), { etag: '"v7"' })) {
 *   case "not-modified": return 304;
 *   case "failed": return 412;
 * }
 * ```
 */
export function evaluatePreconditions(
  method: string,
  header: (name: string) => string | undefined,
  current: Validators | null,
): Precondition {
  if (!takesConditions(method)) {
    return "proceed";
  }
  if (!isWanted(header, current)) {
    return "failed";
  }
  const isRead = method === "GET" || method === "HEAD";
  if (!isNews(isRead, header, current)) {
    return isRead ? "not-modified" : "failed";
  }
  // Range is defined for GET only (RFC 9110 §14.2), and If-Range means nothing without it.
  const ifRange = method === "GET" ? header("if-range") : undefined;
  if (ifRange === undefined || header("range") === undefined) {
    return "proceed";
  }
  return isSameForRange(ifRange.trim(), current) ? "proceed" : "ignore-range";
}

/** Whether a request says which version it means in a way that can fail. A date that is compared to nothing cannot. */
export function namesVersion(
  header: (name: string) => string | undefined,
  current: Validators | null,
): boolean {
  if (header("if-match") !== undefined) {
    return true;
  }
  return current === null
    ? header("if-none-match") !== undefined
    : secondsOf(header("if-unmodified-since")) !== null && lastModifiedOf(current) !== null;
}

/** Steps 1 and 2: whether the representation is still the one that the client means. */
function isWanted(header: (name: string) => string | undefined, current: Validators | null): boolean {
  const ifMatch = header("if-match");
  if (ifMatch !== undefined) {
    return matchesAny(ifMatch, current, matchesStrongly);
  }
  const since = secondsOf(header("if-unmodified-since"));
  return since === null || !isChangedSince(since, current);
}

/** Steps 3 and 4: whether the representation is one that the client does not have. */
function isNews(
  isRead: boolean,
  header: (name: string) => string | undefined,
  current: Validators | null,
): boolean {
  const ifNoneMatch = header("if-none-match");
  if (ifNoneMatch !== undefined) {
    return !matchesAny(ifNoneMatch, current, matchesWeakly);
  }
  const since = isRead ? secondsOf(header("if-modified-since")) : null;
  return since === null || lastModifiedOf(current) === null || isChangedSince(since, current);
}

function isChangedSince(since: number, current: Validators | null): boolean {
  const changed = lastModifiedOf(current);
  return changed !== null && changed > since;
}

function matchesAny(
  list: string,
  current: Validators | null,
  isSame: (one: string, other: string) => boolean,
): boolean {
  if (current === null) {
    return false;
  }
  const { etag } = current;
  return (
    list.trim() === "*" || (etag !== undefined && someEntityTag(list, (candidate) => isSame(candidate, etag)))
  );
}

/**
 * Step 5. Bytes of two representations must never be put together, so only a strong validator will do, and a date only
 * if it is exactly the one that was sent (RFC 9110 §13.1.5).
 */
function isSameForRange(ifRange: string, current: Validators | null): boolean {
  if (isEntityTag(ifRange)) {
    return current?.etag !== undefined && matchesStrongly(ifRange, current.etag);
  }
  const changed = lastModifiedOf(current);
  return changed !== null && secondsOf(ifRange) === changed;
}

function lastModifiedOf(current: Validators | null): number | null {
  const time = current?.lastModified?.getTime();
  return time === undefined || Number.isNaN(time) ? null : Math.floor(time / 1_000);
}

function secondsOf(date: string | undefined): number | null {
  const time = date === undefined ? null : parseHttpDate(date.trim());
  return time === null ? null : time / 1_000;
}
