import { endOfCapture, opensCapture } from "./brace-scan.ts";
import { PatternError, type PatternPlace } from "./pattern-error.ts";

/** Static text of a segment, with `{{`, `}}` and `%2F` turned into what they stand for. */
export interface TextPart {
  readonly kind: "text";
  readonly text: string;
  /** As written. */
  readonly raw: string;
  /** Where it begins in the whole pattern. */
  readonly position: number;
}

/** `{name}` or `{name:source}`. */
export interface CapturePart {
  readonly kind: "capture";
  readonly name: string;
  /** The regex as written; `null` when there is none. */
  readonly source: string | null;
  readonly raw: string;
  /** Where its brace opens in the whole pattern. */
  readonly position: number;
}

export type SegmentPart = TextPart | CapturePart;

/**
 * Splits one segment (or a host) into its static texts and captures.
 *
 * `place` tells where the segment stands in the pattern that errors show; by default it is the whole.
 * Throws a {@link PatternError} on braces, names and regexes that are not well-formed.
 */
export function splitSegment(
  text: string,
  place: PatternPlace = { pattern: text, offset: 0 },
): readonly SegmentPart[] {
  const parts: SegmentPart[] = [];
  let index = 0;
  while (index < text.length) {
    const part = opensCapture(text, index) ? readCapture(text, index, place) : readText(text, index, place);
    parts.push(Object.freeze(part));
    index += part.raw.length;
  }
  return Object.freeze(parts);
}

/**
 * Names become keys of one object; that they are unique along a whole path is checked where paths are
 * joined.
 */
export function checkNamesAreUnique(parts: readonly SegmentPart[], { pattern }: PatternPlace): void {
  const names = new Set<string>();
  for (const part of parts) {
    if (part.kind === "capture" && names.has(part.name)) {
      throw new PatternError({
        pattern,
        position: part.position + 1,
        reason: `the name "${part.name}" is taken by a capture before it`,
        hint: `Names are unique along a path. Write another one, such as "${part.name}2".`,
      });
    }
    if (part.kind === "capture") {
      names.add(part.name);
    }
  }
}

/** Turns `%2F` into the slash that it stands for; nothing else in a pattern is percent-decoded. */
export function restoreSlashes(text: string): string {
  return text.replace(/%2f/gi, "/");
}

function readText(text: string, start: number, { pattern, offset }: PatternPlace): TextPart {
  let end = start;
  while (end < text.length && !opensCapture(text, end)) {
    const character = text[end];
    if (character === "}" && text[end + 1] !== "}") {
      throw new PatternError({
        pattern,
        position: offset + end,
        reason: "this brace closes nothing",
        hint: 'Write "}}" for a literal brace, or open a capture before it, as in "{name}".',
      });
    }
    end += character === "{" || character === "}" ? 2 : 1;
  }
  const raw = text.slice(start, end);
  const unescaped = restoreSlashes(raw.replace(/\{\{|\}\}/g, (braces) => braces.charAt(0)));
  return { kind: "text", text: unescaped, raw, position: offset + start };
}

function readCapture(text: string, start: number, { pattern, offset }: PatternPlace): CapturePart {
  const position = offset + start;
  const end = endOfCapture(text, start);
  if (end === -1) {
    throw new PatternError({
      pattern,
      position,
      reason: "this brace is never closed",
      hint: 'Close the capture, as in "{name}" or "{name:regex}", or write "{{" for a literal brace.',
    });
  }
  const content = text.slice(start + 1, end - 1);
  const colon = content.indexOf(":");
  const name = colon === -1 ? content : content.slice(0, colon);
  const source = colon === -1 ? null : content.slice(colon + 1);
  checkName(name, { pattern, offset: position + 1 });
  if (source !== null) {
    checkSource(name, source, { pattern, offset: position + colon + 2 });
  }
  return { kind: "capture", name, source, raw: text.slice(start, end), position };
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*/;

/** Names become the keys of `params` and are typed by TypeScript, hence identifiers. */
function checkName(name: string, { pattern, offset }: PatternPlace): void {
  const length = IDENTIFIER.exec(name)?.[0].length ?? 0;
  if (name === "") {
    throw new PatternError({
      pattern,
      position: offset,
      reason: "this capture has no name",
      hint: 'Give it one, as in "{id}" or "{id:regex}".',
    });
  }
  if (length < name.length) {
    throw new PatternError({
      pattern,
      position: offset + length,
      reason: `"${name}" is not a name for a capture`,
      hint: nameHint(name),
    });
  }
  if (name === "__proto__") {
    throw new PatternError({
      pattern,
      position: offset,
      reason: '"__proto__" cannot be the key of an object',
      hint: "Choose another name.",
    });
  }
}

function nameHint(name: string): string {
  const identifier = name.replace(/[^\w$]+/g, "_").replace(/^_+|_+$|^\d+/g, "") || "name";
  if (name.endsWith("?")) {
    return `A capture is never optional. Define two resources: one that ends before it and one with "{${identifier}}".`;
  }
  if (name.startsWith("*") || name.startsWith("...") || name.endsWith("*")) {
    return 'A capture never spans segments. Write a subtree handler instead, as in "/files *", and read context.subtreeSegments.';
  }
  return `A name has letters, digits, "_" and "$" and does not begin with a digit. Write "{${identifier}}".`;
}

function checkSource(name: string, source: string, { pattern, offset }: PatternPlace): void {
  if (source === "") {
    throw new PatternError({
      pattern,
      position: offset,
      reason: "there is no regex behind the colon",
      hint: `Write one, as in "{${name}:\\d+}", or leave the colon out: "{${name}}".`,
    });
  }
  const slash = source.indexOf("/");
  if (slash !== -1) {
    throw new PatternError({
      pattern,
      position: offset + slash,
      reason: "a regex is tried on one segment, and a segment holds no slash",
      hint: 'Use one capture for each segment, as in "/{a}/{b}". For a slash that the request has as "%2F", write "%2F".',
    });
  }
}
