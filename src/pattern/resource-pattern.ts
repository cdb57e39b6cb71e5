import { assertText } from "./assert-text.ts";
import { type Piece, splitOutsideBraces } from "./brace-scan.ts";
import { type ConfigSymbol, NO_SYMBOLS, splitConfigSymbols } from "./config-symbols.ts";
import { type HostPattern, parseHostAt } from "./host-pattern.ts";
import { PatternError, type PatternPlace } from "./pattern-error.ts";
import { type PatternOptions, parseSegmentPattern, type SegmentPattern } from "./segment-pattern.ts";

/** Everything that the pattern of a resource says. */
export interface ResourcePattern {
  /** As the user wrote it. */
  readonly text: string;
  readonly host: HostPattern | null;
  /** From the root to the resource itself; empty for the root. */
  readonly segments: readonly SegmentPattern[];
  readonly endsWithSlash: boolean;
  /** What happens to a request whose trailing slash is not as the pattern has it. */
  readonly onUnmatchingSlash: "redirect" | "drop" | "handle";
  readonly isSubtreeHandler: boolean;
  /**
   * Whether the pattern has a trailing slash or a configuration symbol; a bare one may mean an existing
   * resource.
   */
  readonly hasExplicitConfig: boolean;
}

/**
 * Parses the pattern of a resource: `/path`, `/path/`, `http://host/path`, with configuration symbols at its
 * end.
 *
 * `http://` and `https://` mean the same; `http:///path` has no host.
 * Throws a {@link PatternError} (`ARGANIA_PATTERN`, `ARGANIA_UNSAFE_REGEX`).
 *
 * @example
 * ```ts
 * parseResourcePattern("http://{lang:en|fr}.example.com/files/ *").isSubtreeHandler; // true
 * ```
 */
export function parseResourcePattern(text: string, options: PatternOptions = {}): ResourcePattern {
  assertText(text, "The pattern of a resource", 'new Resource("/path")');
  if (PLAIN_PATH.test(text)) {
    return patternOf(text, null, parsePlainSegments(text, options), false, NO_SYMBOLS);
  }
  const { path: uri, symbols } = splitConfigSymbols(text);
  const hostStart = SCHEME.exec(uri)?.[0].length ?? 0;
  const pathStart = hostStart === 0 ? 0 : hostStart + hostLength(uri.slice(hostStart));
  checkStart(text, uri, pathStart);
  const hostText = uri.slice(hostStart, pathStart);
  const host = hostText === "" ? null : parseHostAt(hostText, { pattern: text, offset: hostStart }, options);
  return parsePath(uri.slice(pathStart), { pattern: text, offset: pathStart }, symbols, host, options);
}

/**
 * Parses the path of a resource relative to another one, as in `subresource("/a/{b}")`.
 *
 * Throws a {@link PatternError} on a host and on the root, besides what {@link parseResourcePattern} refuses.
 */
export function parseRelativePath(text: string, options: PatternOptions = {}): ResourcePattern {
  assertText(text, "A path relative to a resource", 'subresource("/path")');
  const scheme = text.startsWith("/") ? null : SCHEME.exec(text);
  if (scheme !== null) {
    const path = text.slice(scheme[0].length + hostLength(text.slice(scheme[0].length)));
    throw new PatternError({
      pattern: text,
      position: 0,
      reason: "a path relative to a resource has no host",
      hint: `Write ${path === "" ? "the path" : `"${path}"`} only; the host is that of the tree.`,
    });
  }
  const parsed = parseResourcePattern(text, options);
  if (parsed.segments.length === 0) {
    throw new PatternError({
      pattern: text,
      position: 0,
      reason: "the root is not below any resource",
      hint: 'Write the segments that lead to the subresource, as in "/users/{id}".',
    });
  }
  return parsed;
}

/** Joins the patterns of segments to the pattern of a path, without configuration symbols. */
export function formatPath(segments: readonly SegmentPattern[], endsWithSlash = false): string {
  return `/${segments.map((segment) => segment.text).join("/")}${endsWithSlash && segments.length > 0 ? "/" : ""}`;
}

/** Most patterns: there are only segments in them, and each slash separates two. */
const PLAIN_PATH = /^(?:\/(?:[\w-]+|\{\w+\}))+$/;
const SCHEME = /^https?:\/\//i;

function hostLength(rest: string): number {
  const [host] = splitOutsideBraces(rest, "/") as [Piece];
  return host.text.length;
}

function checkStart(pattern: string, uri: string, pathStart: number): void {
  if (uri[pathStart] === "/") {
    return;
  }
  if (pathStart > 0) {
    throw new PatternError({
      pattern,
      position: pathStart,
      reason: "there is no path behind the host",
      hint: `Write "${uri}/" for the root of the host.`,
    });
  }
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(uri)?.[0];
  throw new PatternError({
    pattern,
    position: 0,
    reason: uri === "" ? "the pattern is empty" : 'a pattern begins with "/" or with "http://" and a host',
    hint:
      scheme === undefined
        ? `Write "/${uri}"${uri === "" ? " for the root" : ""}.`
        : `Write "http://${uri.slice(scheme.length)}"; the scheme of a request is never looked at.`,
  });
}

type Symbols = ReadonlyMap<ConfigSymbol, number>;

function parsePath(
  path: string,
  place: PatternPlace,
  symbols: Symbols,
  host: HostPattern | null,
  options: PatternOptions,
): ResourcePattern {
  const segments = path === "/" ? [] : parseSegments(path, place, options);
  if (segments.length === 0) {
    checkRootSymbols(place.pattern, symbols);
  }
  return patternOf(place.pattern, host, segments, segments.length > 0 && path.endsWith("/"), symbols);
}

function patternOf(
  text: string,
  host: HostPattern | null,
  segments: SegmentPattern[],
  endsWithSlash: boolean,
  symbols: Symbols,
): ResourcePattern {
  return Object.freeze({
    text,
    host,
    segments: Object.freeze(segments),
    endsWithSlash,
    onUnmatchingSlash:
      segments.length === 0 || symbols.has("?") ? "handle" : symbols.has("!") ? "drop" : "redirect",
    isSubtreeHandler: symbols.has("*"),
    hasExplicitConfig: endsWithSlash || symbols.size > 0,
  });
}

function parsePlainSegments(pattern: string, options: PatternOptions): SegmentPattern[] {
  const segments: SegmentPattern[] = [];
  for (let offset = 1; ; ) {
    const slash = pattern.indexOf("/", offset);
    const text = slash === -1 ? pattern.slice(offset) : pattern.slice(offset, slash);
    segments.push(parseSegmentPattern(text, { pattern, offset }, options));
    if (slash === -1) {
      return segments;
    }
    offset = slash + 1;
  }
}

function parseSegments(
  path: string,
  { pattern, offset }: PatternPlace,
  options: PatternOptions,
): SegmentPattern[] {
  const pieces = splitOutsideBraces(path, "/").slice(1);
  if (pieces.at(-1)?.text === "") {
    pieces.pop();
  }
  return pieces.map((piece, index) => {
    const misplaced = index === pieces.length - 1 ? null : /(?<= )[!*]+$/.exec(piece.text);
    if (misplaced !== null) {
      throw new PatternError({
        pattern,
        position: offset + piece.position + misplaced.index,
        reason: "configuration symbols stand at the end of the whole pattern",
        hint: "They configure the last segment's resource only: give the one in front a pattern of its own.",
      });
    }
    return parseSegmentPattern(piece.text, { pattern, offset: offset + piece.position }, options);
  });
}

function checkRootSymbols(pattern: string, symbols: Symbols): void {
  const position = symbols.get("!") ?? symbols.get("?");
  if (position !== undefined) {
    throw new PatternError({
      pattern,
      position,
      reason: "the path of the root is one slash, so there is no other form of it to drop or to handle",
      hint: 'Write "/", or "/ *" for a root that handles its subtree.',
    });
  }
}
