import { PatternError, type PatternPlace, UnsafeRegexError } from "./pattern-error.ts";
import { ExponentialRegexError } from "./regex/exponential-regex-error.ts";
import { parseRegex } from "./regex/parse-regex.ts";
import { childrenOf, type RegexNode } from "./regex/regex-node.ts";
import { RegexSyntaxError } from "./regex/regex-syntax-error.ts";
import { compileSegmentRegex, type SegmentRegex } from "./regex/segment-regex.ts";
import { type RegexSource, toRegexSource } from "./regex-source.ts";

/** A part of a regex pattern, ready to be compiled: every capture has a regex. */
export type RegexPart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "capture";
      readonly name: string;
      /** The regex as the pattern has it, or the one that a capture without regex stands for. */
      readonly source: string;
      /** Where the regex (or the capture without one) begins in the whole pattern. */
      readonly position: number;
    };

/** Where in a match the value of a capture is found. */
export interface Capture {
  readonly name: string;
  readonly group: number;
}

export interface CompiledRegex {
  readonly regex: SegmentRegex;
  readonly captures: readonly Capture[];
}

type CaptureWithRegex = Extract<RegexPart, { kind: "capture" }>;

/** Makes one regex of the parts. Throws a {@link PatternError} that points into the capture to blame. */
export function compileRegex(
  parts: readonly RegexPart[],
  place: PatternPlace,
  allowExponential: boolean,
): CompiledRegex {
  let source = "";
  let group = 1;
  const captures: Capture[] = [];
  for (const part of parts) {
    if (part.kind === "text") {
      source += part.text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    } else {
      const own = toRegexSource(part.source);
      captures.push(Object.freeze({ name: part.name, group }));
      group += 1 + blaming(part, own, place, () => countGroups(parseRegex(own.source)));
      source += `(${own.source})`;
    }
  }
  return { regex: compileWhole(source, parts, place, allowExponential), captures: Object.freeze(captures) };
}

function compileWhole(
  source: string,
  parts: readonly RegexPart[],
  place: PatternPlace,
  allowExponential: boolean,
): SegmentRegex {
  try {
    return compileSegmentRegex(source, { allowExponential });
  } catch (error) {
    const captures = parts.filter((part) => part.kind === "capture");
    for (const part of captures) {
      const own = toRegexSource(part.source);
      blaming(part, own, place, () => compileSegmentRegex(own.source, { allowExponential }));
    }
    // Each capture alone is harmless: it is how they follow one another.
    throw toPatternError(error, { pattern: place.pattern, offset: captures[0]?.position ?? place.offset });
  }
}

function blaming<T>(
  part: CaptureWithRegex,
  own: RegexSource,
  { pattern }: PatternPlace,
  compile: () => T,
): T {
  try {
    return compile();
  } catch (error) {
    const index = error instanceof RegexSyntaxError ? own.positionOf(error.position) : 0;
    throw toPatternError(error, { pattern, offset: part.position + index });
  }
}

/** The errors of the regex engine know nothing of the pattern around the regex. */
function toPatternError(error: unknown, { pattern, offset }: PatternPlace): unknown {
  if (error instanceof ExponentialRegexError) {
    const fault = {
      pattern,
      position: offset,
      reason: "this regex can match one text in exponentially many ways",
      hint:
        'Make each repetition able to match a text in one way only, as in "a+" for "(a+)+". ' +
        "To have it all the same, matched by a slower engine, pass { allowUnsafeRegex: true } with the pattern.",
    };
    return new UnsafeRegexError(fault, { cause: error });
  }
  if (error instanceof RegexSyntaxError) {
    const fault = { pattern, position: offset, reason: error.reason, hint: error.hint };
    return new PatternError(fault, { cause: error });
  }
  return error;
}

function countGroups(node: RegexNode): number {
  const inside = childrenOf(node).reduce((sum, child) => sum + countGroups(child), 0);
  return node.kind === "group" ? inside + 1 : inside;
}
