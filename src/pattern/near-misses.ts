import { endedCapture, saysItsEnd } from "./capture-end.ts";
import type { CapturePart, SegmentPart, TextPart } from "./parse-segment.ts";
import { PatternError, type PatternPlace } from "./pattern-error.ts";

const ATTACHED_STAR = /!?\*+$/;

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
/** What a string of JavaScript makes of `\d{4}-\d{2}` and the like: letters that repeat, and nothing else. `s?` is a plural. */
const LOST_BACKSLASHES = /^(?!.\?$)(?:[dDsSwW](?:[+*?]|\{\d+(?:,\d*)?\})\??[-_.:|]?)+$/;
const LETTERS = /[dDsSwW]/g;
const SUBTREE = 'Write " *" behind the pattern for a subtree handler, and read context.subtreeSegments.';

/**
 * Refuses what is one character away from something else, and would be text that no request has: a star without its
 * space, the quotes of a template, a type for a regex. Text may end with "!", as titles do.
 */
export function refuseNearMisses(parts: readonly SegmentPart[], place: PatternPlace): void {
  for (const [index, part] of parts.entries()) {
    if (part.kind === "capture") {
      refuseType(part, place);
      refuseLostBackslash(part, place);
      continue;
    }
    const next = parts[index + 1];
    if (next === undefined) {
      refuseAttachedStar(part, parts.slice(0, index), place);
    } else if (next.kind === "capture") {
      refuseTemplate(part, next, parts[index + 2], place);
    }
  }
}

function refuseAttachedStar(text: TextPart, front: readonly SegmentPart[], { pattern }: PatternPlace): void {
  const found = ATTACHED_STAR.exec(text.raw);
  if (found === null) {
    return;
  }
  const [stars] = found;
  const symbols = stars.startsWith("!") ? "!*" : "*";
  const before = text.raw.slice(0, found.index);
  const written = front.map(({ raw }) => raw).join("");
  const ended = front.map((part, at) => withItsEnd(part, front[at + 1] ?? text)).join("");
  const name = /\{x[:}]/.test(pattern) ? "star" : "x";
  throw new PatternError({
    pattern,
    position: text.position + found.index,
    reason: `without a space in front, "${stars}" is text: only a path that ends with it would match`,
    hint: `Configuration symbols follow after one space, at the end of the whole pattern: "${written}${before} ${symbols}". The text itself is "${ended}${before}{${name}:${stars.replaceAll("*", "\\*")}}".`,
  });
}

function withItsEnd(part: SegmentPart, next: SegmentPart): string {
  return part.kind === "text" || saysItsEnd(part, next) ? part.raw : endedCapture(part, next);
}

/** `"/${id}"`, where backticks were meant. A regex behind the name is none of a template. */
function refuseTemplate(
  { raw, position }: TextPart,
  next: CapturePart,
  behind: SegmentPart | undefined,
  { pattern }: PatternPlace,
): void {
  if (raw.endsWith("$") && next.source === null && behind?.kind !== "capture") {
    const capture = behind === undefined ? `{${next.name}:.+}` : endedCapture(next, behind);
    throw new PatternError({
      pattern,
      position: position + raw.length - 1,
      reason: `"$${next.raw}" is a dollar sign and a capture: only a path with a dollar sign would match`,
      hint: `Write "${next.raw}" for a param, or backticks for a value of JavaScript. The text itself is "$${capture}".`,
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

/** `"{id:\d+}"`, which is `{id:d+}` when it comes here. */
function refuseLostBackslash({ name, source, raw, position }: CapturePart, { pattern }: PatternPlace): void {
  if (source !== null && LOST_BACKSLASHES.test(source)) {
    throw new PatternError({
      pattern,
      position: position + name.length + 2,
      reason: `"${raw}" would match the letter only: a string of JavaScript drops a single backslash`,
      hint: `Write a backslash twice, "{${name}:${source.replace(LETTERS, "\\\\$&")}}". The text itself is "{${name}:${source.replace(LETTERS, "[$&]")}}".`,
    });
  }
}
