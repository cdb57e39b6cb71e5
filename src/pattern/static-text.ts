import { decodeSegment } from "../common/percent.ts";
import type { SegmentPart } from "./parse-segment.ts";
import { PatternError, type PatternPlace } from "./pattern-error.ts";

/** Refuses static text that no request can match (CONTRACT §3.1), which is always a mistake. */
export function checkStaticText(parts: readonly SegmentPart[], { pattern }: PatternPlace): void {
  for (const part of parts) {
    const found = part.kind === "text" ? UNREACHABLE.exec(part.raw) : null;
    if (found !== null) {
      const [reason, hint] = found[0].startsWith("%")
        ? explainEscapes(found[0])
        : (EXPLANATIONS.get(found[0]) ?? HALF_CHARACTER);
      throw new PatternError({ pattern, position: part.position + found.index, reason, hint });
    }
  }
}

/**
 * Escapes in a row are one find, as the bytes of one character are. `%2F` is the slash of a pattern, and what no
 * encoder escapes (RFC 3986 §2.3: letters, digits, `-._~`) comes from no URL: it is text.
 */
const UNREACHABLE =
  /[\0\\#?]|\p{Surrogate}|(?:%(?!2[D-Fd-f]|3\d|[46][1-9A-Fa-f]|[57][\dAa]|5[Ff]|7[Ee])[\dA-Fa-f]{2})+/u;

type Explanation = readonly [reason: string, hint: string];

const HALF_CHARACTER: Explanation = ["half a surrogate pair is no character", "Write the whole character."];

const EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map<string, Explanation>([
  [
    "?",
    [
      'a "?" begins the query, and a pattern has none',
      'For a resource lenient to slashes, write it after one space: "/x ?". For the character itself, use a regex: "{mark:\\?}".',
    ],
  ],
  [
    "#",
    [
      'a "#" begins the fragment, which no client sends',
      'Leave it out. For the character itself, use a regex: "{mark:#}".',
    ],
  ],
  [
    "\\",
    [
      "a request with a backslash in its path is refused",
      'Segments are separated by "/". Escapes belong into regexes, as in "{id:\\d+}".',
    ],
  ],
  ["\0", ["a request with NUL in its path is refused", "Leave it out."]],
]);

/** Segments are decoded before they are compared, so an escape in a pattern would match only itself, encoded again. */
function explainEscapes(escapes: string): Explanation {
  const decoded = decodeSegment(escapes);
  const isPlain = decoded !== null && /^[^\p{Cc}\\#?{}%]+$/u.test(decoded);
  return [
    `"${escapes}" would match only itself, for a segment is decoded before it is compared`,
    `${isPlain ? `Write the decoded text, "${decoded}".` : "Write the decoded character, in a regex where a pattern has no place for it."} The text itself is "{x:${escapes}}".`,
  ];
}
