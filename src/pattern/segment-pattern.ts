import { endedCapture, saysItsEnd } from "./capture-end.ts";
import { type Capture, compileRegex, type RegexPart } from "./compile-regex.ts";
import { refuseForeignForm } from "./foreign-forms.ts";
import { refuseNearMisses } from "./near-misses.ts";
import {
  type CapturePart,
  checkNamesAreUnique,
  restoreSlashes,
  type SegmentPart,
  splitSegment,
  type TextPart,
} from "./parse-segment.ts";
import { PatternError, type PatternPlace } from "./pattern-error.ts";
import type { SegmentRegex } from "./regex/segment-regex.ts";
import { checkStaticText } from "./static-text.ts";

/** How patterns are read. */
export interface PatternOptions {
  /** Accepts regexes that can backtrack exponentially. Default: `false`. */
  readonly allowUnsafeRegex?: boolean;
  /** The longest segment, in UTF-16 units, that a regex is tried on; longer is no match. Default: 256. */
  readonly maxSegmentLength?: number;
}

const DEFAULT_MAX_SEGMENT_LENGTH = 256;

/** The pattern of one path segment. */
export type SegmentPattern = StaticPattern | RegexPattern | WildcardPattern;

/** Matches exactly one text: `/news`. */
export class StaticPattern {
  readonly kind = "static";
  /** As the user wrote it. */
  declare readonly text: string;
  /** What a decoded segment is compared with. */
  declare readonly value: string;
  readonly captureNames: readonly string[] = NO_NAMES;

  constructor(text: string, value: string) {
    this.text = text;
    this.value = value;
    Object.freeze(this);
  }

  /** Whether the other pattern matches the same and captures it under the same names. */
  isSame(other: SegmentPattern): boolean {
    return other.kind === "static" && other.value === this.value;
  }
}

/** Matches texts and regexes in a row, anchored at both ends: `/{name}.{ext}`. */
export class RegexPattern {
  readonly kind = "regex";
  readonly text: string;
  readonly parts: readonly RegexPart[];
  readonly captureNames: readonly string[];
  readonly captures: readonly Capture[];
  readonly #regex: SegmentRegex;
  readonly #maxLength: number;
  readonly #identity: string;

  /** Throws a {@link PatternError} when a regex is malformed or unsafe. */
  constructor(text: string, parts: readonly RegexPart[], place: PatternPlace, options: PatternOptions = {}) {
    const { regex, captures } = compileRegex(parts, place, options.allowUnsafeRegex ?? false);
    this.text = text;
    this.parts = Object.freeze(parts.map((part) => Object.freeze(part)));
    this.captures = captures;
    this.captureNames = Object.freeze(captures.map(({ name }) => name));
    this.#regex = regex;
    this.#maxLength = options.maxSegmentLength ?? DEFAULT_MAX_SEGMENT_LENGTH;
    this.#identity = JSON.stringify(
      parts.map((part) => (part.kind === "text" ? part.text : [part.name, restoreSlashes(part.source)])),
    );
    Object.freeze(this);
  }

  /** The match of a decoded segment: `captures` tells which group has which value. */
  match(segment: string): readonly (string | undefined)[] | null {
    return segment.length > this.#maxLength ? null : this.#regex.exec(segment);
  }

  isSame(other: SegmentPattern): boolean {
    return other.kind === "regex" && other.#identity === this.#identity;
  }
}

/** Matches any one segment that is not empty: `/{id}`. */
export class WildcardPattern {
  readonly kind = "wildcard";
  readonly text: string;
  readonly name: string;
  readonly captureNames: readonly string[];

  constructor(text: string, name: string) {
    this.text = text;
    this.name = name;
    this.captureNames = Object.freeze([name]);
    Object.freeze(this);
  }

  isSame(other: SegmentPattern): boolean {
    return other.kind === "wildcard" && other.name === this.name;
  }
}

/** Most segments are of letters and digits: nothing in them can be wrong. */
const PLAIN_TEXT = /^[\w-]+$/;
/** Nor in a name. */
const PLAIN_WILDCARD = /^\{(?!__proto__\})[A-Za-z_]\w*\}$/;
const NO_NAMES: readonly string[] = Object.freeze([]);

/**
 * Parses the pattern of one segment, written without its slash.
 *
 * `where` tells where the segment stands in the pattern that errors show.
 * Throws a {@link PatternError} (`ARGANIA_PATTERN`, `ARGANIA_UNSAFE_REGEX`).
 *
 * @example
 * ```ts
 * parseSegmentPattern("{name}.{ext}", { pattern: "/{name}.{ext}", offset: 1 }).kind; // "regex"
 * ```
 */
export function parseSegmentPattern(
  text: string,
  where: PatternPlace,
  options: PatternOptions = {},
): SegmentPattern {
  if (text === "") {
    throw new PatternError({
      pattern: where.pattern,
      position: where.offset,
      reason: "this segment is empty",
      hint: 'Remove one of the slashes, or name the segment, as in "/{id}".',
    });
  }
  if (PLAIN_TEXT.test(text)) {
    return new StaticPattern(text, text);
  }
  if (PLAIN_WILDCARD.test(text)) {
    return new WildcardPattern(text, text.slice(1, -1));
  }
  const parts = splitSegment(text, where);
  checkNamesAreUnique(parts, where);
  checkStaticText(parts, where);
  const [first] = parts;
  if (parts.length === 1 && first?.kind === "text") {
    return parseStatic(text, first, where);
  }
  if (parts.length === 1 && first?.kind === "capture" && first.source === null) {
    return new WildcardPattern(text, first.name);
  }
  refuseNearMisses(parts, where);
  const regexParts = parts.map((part, index) => toRegexPart(part, parts[index + 1], where));
  return new RegexPattern(text, regexParts, where, options);
}

/** The part with its regex, or `implied` for a capture that has none. */
export function withRegex(part: CapturePart, implied: string): RegexPart {
  return part.source === null
    ? { kind: "capture", name: part.name, source: implied, position: part.position }
    : {
        kind: "capture",
        name: part.name,
        source: part.source,
        position: part.position + part.raw.length - part.source.length - 1,
      };
}

function parseStatic(text: string, part: TextPart, place: PatternPlace): StaticPattern {
  const { pattern, offset } = place;
  refuseForeignForm(text, place);
  refuseNearMisses([part], place);
  if (part.text === "." || part.text === "..") {
    throw new PatternError({
      pattern,
      position: offset,
      reason: `no request reaches a segment "${part.text}"`,
      hint: "Write the path without dot segments, from the root.",
    });
  }
  return new StaticPattern(text, part.text);
}

function toRegexPart(part: SegmentPart, next: SegmentPart | undefined, { pattern }: PatternPlace): RegexPart {
  if (part.kind === "text") {
    return { kind: "text", text: part.text };
  }
  if (next !== undefined && !saysItsEnd(part, next)) {
    throw new PatternError({
      pattern,
      position: part.position,
      reason: `"{${part.name}}" does not say where it ends`,
      hint:
        'Only the last capture of a segment, and one right before a ".", may go without a regex. ' +
        `Write "${endedCapture(part, next)}" or another regex.`,
    });
  }
  // Of all characters, line breaks included, which the dot would leave out.
  return withRegex(part, next === undefined ? "[\\s\\S]+" : "[^.]+");
}
