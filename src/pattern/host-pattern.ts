import { assertText } from "./assert-text.ts";
import type { RegexPart } from "./compile-regex.ts";
import { asciiHost, checkHostText } from "./host-text.ts";
import { checkNamesAreUnique, type SegmentPart, splitSegment } from "./parse-segment.ts";
import { PatternError, type PatternPlace } from "./pattern-error.ts";
import { type PatternOptions, RegexPattern, StaticPattern, withRegex } from "./segment-pattern.ts";

/** The pattern of a host: static (`value` in lower case, without port and root dot) or a regex. */
export type HostPattern = StaticPattern | RegexPattern;

/**
 * Parses the pattern of a host: `example.com`, `{tenant}.example.com`, `[::1]`.
 *
 * `http://` or `https://` in front and a `/` behind are ignored. A `{name}` matches one label. Static text is
 * compared case-insensitively; a regex is tried on the lower-case host. Non-ASCII names become Punycode.
 * Throws a {@link PatternError} (`ARGANIA_PATTERN`, `ARGANIA_UNSAFE_REGEX`).
 *
 * @example
 * ```ts
 * parseHostPattern("https://Example.com/").value; // "example.com"
 * ```
 */
export function parseHostPattern(text: string, options: PatternOptions = {}): HostPattern {
  assertText(text, "The pattern of a host", 'new Host("example.com", root)');
  const offset = /^https?:\/\//i.exec(text)?.[0].length ?? 0;
  const host = text.slice(offset).replace(/\/$/, "");
  return parseHostAt(host, { pattern: text, offset }, options);
}

/** {@link parseHostPattern} for the bare host within a longer pattern. */
export function parseHostAt(text: string, place: PatternPlace, options: PatternOptions): HostPattern {
  if (text === "") {
    throw new PatternError({
      pattern: place.pattern,
      position: place.offset,
      reason: "the host is empty",
      hint: 'Write one, as in "example.com" or "{tenant}.example.com".',
    });
  }
  const parts = splitSegment(text, place);
  checkNamesAreUnique(parts, place);
  checkIsNotWildcard(parts, place);
  checkHostText(text, parts, place);
  const [first] = parts;
  if (parts.length === 1 && first?.kind === "text") {
    return new StaticPattern(text, asciiHost(first, parts, place));
  }
  const regexParts = parts.map((part, index) => toRegexPart(part, index, parts, place));
  return new RegexPattern(text, regexParts, place, options);
}

function checkIsNotWildcard(parts: readonly SegmentPart[], { pattern }: PatternPlace): void {
  const [first] = parts;
  if (parts.length === 1 && first?.kind === "capture" && first.source === null) {
    throw new PatternError({
      pattern,
      position: first.position,
      reason: "a host is never a wildcard",
      hint:
        `Write "{${first.name}}.example.com" or "{${first.name}:regex}". ` +
        "A tree for every other host goes to the router without a host.",
    });
  }
}

function toRegexPart(
  part: SegmentPart,
  index: number,
  parts: readonly SegmentPart[],
  place: PatternPlace,
): RegexPart {
  if (part.kind === "text") {
    return { kind: "text", text: asciiHost(part, parts, place) };
  }
  if (part.source === null && parts[index + 1]?.kind === "capture") {
    throw new PatternError({
      pattern: place.pattern,
      position: part.position,
      reason: `"{${part.name}}" does not say where it ends`,
      hint: `Write a dot behind it, or a regex: "{${part.name}:[a-z]+}".`,
    });
  }
  return withRegex(part, "[^.]+");
}
