import { decodeSegment, encodeSegment } from "../common/percent.ts";

/** Why a request target cannot be routed; each is answered with 400. */
export type TargetProblem = "form" | "escape" | "dot-segment" | "character";

/**
 * The path of a request, parsed once: every match, layer, param and file look-up sees these segments
 * and no others, so that no two of them can disagree about what the path means.
 *
 * Segments are slices of `path`, cut when somebody asks, unless an escape had to be decoded.
 */
export class RoutePath {
  /** The path in its canonical encoding, without the query. */
  readonly path: string;
  /** The query with its `?` as the client sent it, raw bytes percent-encoded; empty when there is none. */
  readonly search: string;
  /** The decoded segments when the raw path had escapes; otherwise they are cut from `path`. */
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
}

const SLASH = 47;
const QUESTION_MARK = 63;
const DOT = 46;

/** For each ASCII character: 0 stands for itself, 1 must be looked at more closely, 2 ends the path. */
const CHARACTER_CLASS: Uint8Array = characterClasses();

/**
 * Parses the origin form of a request target (RFC 9112 §3.2.1), `/path?query`.
 *
 * The common target, made of plain characters only, is recognised in one pass and copied nowhere.
 */
export function parseRoutePath(target: string): RoutePath | TargetProblem {
  if (target.charCodeAt(0) !== SLASH) {
    return "form";
  }
  let pathEnd = 0;
  let needsCare = false;
  for (; pathEnd < target.length; pathEnd++) {
    const code = target.charCodeAt(pathEnd);
    const kind = code < 128 ? CHARACTER_CLASS[code] : 1;
    if (kind === 2) {
      break;
    }
    if (kind === 1) {
      needsCare = true;
    } else if (code === DOT && target.charCodeAt(pathEnd - 1) === SLASH && isDotSegment(target, pathEnd)) {
      return "dot-segment";
    }
  }
  if (pathEnd === target.length && !needsCare) {
    return new RoutePath(target, "", null);
  }
  const search = target.slice(pathEnd);
  if (search.includes("#")) {
    return "character";
  }
  const path = target.slice(0, pathEnd);
  return needsCare
    ? decodePath(path, percentEncodeBytes(search))
    : new RoutePath(path, percentEncodeBytes(search), null);
}

/** RFC 3986 §3.3 lets `.` and `..` mean other places; nothing here does, so they are refused, not folded. */
function isDotSegment(target: string, start: number): boolean {
  let end = start + 1;
  if (target.charCodeAt(end) === DOT) {
    end++;
  }
  return (
    end === target.length || target.charCodeAt(end) === SLASH || target.charCodeAt(end) === QUESTION_MARK
  );
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

function characterClasses(): Uint8Array {
  const classes = new Uint8Array(128).fill(1);
  const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/";
  for (const character of plain) {
    classes[character.charCodeAt(0)] = 0;
  }
  classes[QUESTION_MARK] = 2;
  return classes;
}
