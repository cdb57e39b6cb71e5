import type { CapturePart, SegmentPart, TextPart } from "./parse-segment.ts";
import { PatternError, type PatternPlace } from "./pattern-error.ts";

const TRAILING_SYMBOLS = /[!*]+$/;

/** What other frameworks call the types of params, and the regex to write for each; none where any text fits. */
const TYPES: Readonly<Record<string, string>> = {
  int: ":\\d+",
  integer: ":\\d+",
  number: ":\\d+",
  float: ":[\\d.]+",
  slug: ":[a-z\\d-]+",
  alpha: ":[A-Za-z]+",
  uuid: ":[\\da-fA-F-]{36}",
  guid: ":[\\da-fA-F-]{36}",
  str: "",
  string: "",
};
const SUBTREE = 'Write " *" behind the pattern for a subtree handler, and read context.subtreeSegments.';

/**
 * Refuses what is one character away from something else, and would be text that no request has: a symbol without its
 * space, the quotes of a template, a type for a regex.
 */
export function refuseNearMisses(parts: readonly SegmentPart[], place: PatternPlace): void {
  for (const [index, part] of parts.entries()) {
    if (part.kind === "capture") {
      refuseType(part, place);
      continue;
    }
    const next = parts[index + 1];
    if (next === undefined) {
      refuseAttachedSymbols(part, parts.length === 1, place);
    } else if (next.kind === "capture") {
      refuseTemplate(part, next, place);
    }
  }
}

function refuseAttachedSymbols(
  { raw, position }: TextPart,
  isWhole: boolean,
  { pattern }: PatternPlace,
): void {
  const found = TRAILING_SYMBOLS.exec(raw);
  if (found !== null) {
    const [symbols] = found;
    const literal = isWhole ? raw : symbols;
    throw new PatternError({
      pattern,
      position: position + found.index,
      reason: `without a space in front, "${symbols}" is text: only a path that ends with it would match`,
      hint: `Configuration symbols follow after one space, at the end of the whole pattern: "${raw.slice(0, found.index)} ${symbols}". The text itself is "{x:${literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}}".`,
    });
  }
}

/** `"/${id}"`, where backticks were meant. A regex behind the name is none of a template. */
function refuseTemplate({ raw, position }: TextPart, next: CapturePart, { pattern }: PatternPlace): void {
  if (raw.endsWith("$") && next.source === null) {
    throw new PatternError({
      pattern,
      position: position + raw.length - 1,
      reason: `"$${next.raw}" is a dollar sign and a capture: only a path with a dollar sign would match`,
      hint: `Write "${next.raw}" for a param, or backticks for a value of JavaScript. The text itself is "{x:\\$}${next.raw}".`,
    });
  }
}

function refuseType({ name, source, raw, position }: CapturePart, { pattern }: PatternPlace): void {
  if (source !== null && (source === "path" || Object.hasOwn(TYPES, source))) {
    const advice = source === "path" ? SUBTREE : `Write "{${name}${TYPES[source]}}".`;
    throw new PatternError({
      pattern,
      position: position + name.length + 2,
      reason: `behind the colon stands a regex, and no type: "${raw}" would match only "${source}"`,
      hint: `${advice} The text itself is "{${name}:(?:${source})}".`,
    });
  }
}
