import { decodeSegment, encodeSegment } from "../common/percent.ts";

/** Why a request target cannot be routed; each is answered with 400. */
export type TargetProblem = "form" | "escape" | "dot-segment" | "character";

/**
 * The path of a request, parsed once: every match, layer, param and file look-up sees these segments
 * and no others, so that no two of them can disagree about what the path means.
 *
 * Segments of plain text are slices of `path`, cut when somebody asks.
 */
export class RoutePath {
  /** The path in its canonical encoding, without the query. */
  readonly path: string;
  /** The query with its `?` as the client sent it, raw bytes percent-encoded; empty when there is none. */
  readonly search: string;
  /** The decoded segments; `null` for a path of plain characters, from which they are cut. */
  readonly decoded: readonly string[] | null;
  /** Where the last segment ends: before the trailing slash, if there is one. */
  readonly end: number;

  constructor(path: string, search: string, decoded: readonly string[] | null) {
    this.path = path;
    this.search = search;
    this.decoded = decoded;
    const last = path.length - 1;
    this.end = last > 0 && path.charCodeAt(last) === SLASH ? last : path.length;
  }

  get endsWithSlash(): boolean {
    return this.end !== this.path.length;
  }

  /** All segments, decoded. The root path has none. */
  segments(): readonly string[] {
    return this.decoded ?? cutSegments(this.path);
  }

  /** Where the segment ends that has begun at `start`. */
  endOfSegment(start: number): number {
    const slash = this.path.indexOf("/", start);
    return slash < 0 || slash > this.end ? this.end : slash;
  }

  /** What comes after the first `depth` segments, with its slash. */
  restFrom(depth: number): string {
    let end = this.path === "/" ? 1 : 0;
    for (let skipped = 0; skipped < depth; skipped++) {
      end = this.endOfSegment(end + 1);
    }
    return this.path.slice(end);
  }
}

/** The path of a target that is known to be made of plain characters, up to its query. */
export function plainRoutePath(target: string): RoutePath {
  const query = target.indexOf("?");
  return query < 0
    ? new RoutePath(target, "", null)
    : new RoutePath(target.slice(0, query), percentEncodeBytes(target.slice(query)), null);
}

/**
 * Where the path of a target ends when everything in it from `start` on is plain, the beginning of a segment or its end;
 * `NOT_PLAIN` when there is something that has to be decoded, or must not be there.
 */
export function endOfPlainPath(target: string, start: number): number {
  const end = endOf(NOT_PLAIN_IN_PATH, target, start);
  return end === target.length || target.charCodeAt(end) === QUESTION_MARK ? end : NOT_PLAIN;
}

/**
 * Where the segment ends that begins at `start`, when it is plain; else `NOT_PLAIN`. One look at each character, while
 * they are few: then it is faster than a regex.
 */
export function endOfPlainSegment(target: string, start: number): number {
  if (target.charCodeAt(start) === DOT) {
    return NOT_PLAIN;
  }
  const few = Math.min(target.length, start + FEW);
  for (let at = start; at < few; at++) {
    const code = target.charCodeAt(at);
    if (code >= 128 || IS_PLAIN[code] === 0) {
      return code === SLASH || code === QUESTION_MARK ? at : NOT_PLAIN;
    }
  }
  const end = few === target.length ? few : endOf(NOT_PLAIN_IN_SEGMENT, target, few);
  if (end === target.length) {
    return end;
  }
  const code = target.charCodeAt(end);
  return code === SLASH || code === QUESTION_MARK ? end : NOT_PLAIN;
}

/** Where the first is, from `start` on, that a global regex finds; the end of the target when there is none. */
function endOf(regex: RegExp, target: string, start: number): number {
  regex.lastIndex = start;
  return regex.test(target) ? regex.lastIndex - 1 : target.length;
}

/** What is not written in a canonical segment as it is. */
const NOT_PLAIN_IN_SEGMENT = /[^\w\-.~!$&'()*+,;=:@]/g;
/**
 * The same in a path, and the dot that may begin a segment "." or "..". One class of characters with a look back at the
 * dots, since alternatives would be tried at each character.
 */
const NOT_PLAIN_IN_PATH = /[^\w\-~!$&'()*+,;=:@/](?<![^/]\.)/g;

const FEW = 12;
const IS_PLAIN = Uint8Array.from({ length: 128 }, (_, code) =>
  endOf(NOT_PLAIN_IN_SEGMENT, String.fromCharCode(code), 0),
);

export const NOT_PLAIN = -1;

const SLASH = 47;
const QUESTION_MARK = 63;
const DOT = 46;

/** Parses the origin form of any request target (RFC 9112 §3.2.1), `/path?query`. */
export function parseRoutePath(target: string): RoutePath | TargetProblem {
  if (target.charCodeAt(0) !== SLASH) {
    return "form";
  }
  const query = target.indexOf("?");
  const search = query < 0 ? "" : target.slice(query);
  return search.includes("#")
    ? "character"
    : decodePath(query < 0 ? target : target.slice(0, query), percentEncodeBytes(search));
}

function decodePath(raw: string, search: string): RoutePath | TargetProblem {
  if (raw.includes("\\") || raw.includes("#")) {
    return "character";
  }
  const path = percentEncodeBytes(raw);
  const endsWithSlash = path.length > 1 && path.endsWith("/");
  const decoded: string[] = [];
  for (const segment of cutSegments(path)) {
    const text = decodeSegment(segment);
    if (text === null || text.includes("\0")) {
      return "escape";
    }
    // RFC 3986 §3.3 lets them mean other places; nothing here does, so they are refused, not folded.
    if (text === "." || text === "..") {
      return "dot-segment";
    }
    decoded.push(text);
  }
  const canonical = `/${decoded.map(encodeSegment).join("/")}${endsWithSlash ? "/" : ""}`;
  return new RoutePath(canonical, search, Object.freeze(decoded));
}

function cutSegments(path: string): string[] {
  if (path === "/") {
    return [];
  }
  const end = path.endsWith("/") ? path.length - 1 : path.length;
  return path.slice(1, end).split("/");
}

const NOT_VISIBLE_ASCII = /[^!-~]/;
const BYTES_TO_ENCODE = /[^!-~]/g;

/** Node hands raw bytes over as Latin-1; a fetch runtime would have percent-encoded them (URL Standard §4.4). */
function percentEncodeBytes(text: string): string {
  return NOT_VISIBLE_ASCII.test(text)
    ? text.replace(
        BYTES_TO_ENCODE,
        (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
      )
    : text;
}
