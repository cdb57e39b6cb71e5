import type { SegmentPart } from "./parse-segment.ts";
import { PatternError, type PatternPlace } from "./pattern-error.ts";

/** Refuses static text that no request can match (CONTRACT §3.1), which is always a mistake. */
export function checkStaticText(parts: readonly SegmentPart[], { pattern }: PatternPlace): void {
  for (const part of parts) {
    const found = part.kind === "text" ? UNREACHABLE.exec(part.raw) : null;
    if (found !== null) {
      const [reason, hint] = EXPLANATIONS.get(found[0]) ?? HALF_CHARACTER;
      throw new PatternError({ pattern, position: part.position + found.index, reason, hint });
    }
  }
}

const UNREACHABLE = /[\0\\#?]|\p{Surrogate}/u;

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
