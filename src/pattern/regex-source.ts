/** A regex as JavaScript understands it, and the way back to what the user wrote. */
export interface RegexSource {
  readonly source: string;
  /** Turns an index into `source` into an index into the original. */
  positionOf(index: number): number;
}

/**
 * An escaped character, a class's beginning with a `]` that comes first in it, an encoded slash, any
 * character.
 */
const TOKEN = /\\.|\[\^?\]?|%2[Ff]|./gsu;

/**
 * Turns the regex of a pattern into one of JavaScript: `%2F` is a slash, and a `]` that comes first in a
 * character class stands for itself, where JavaScript would end the class.
 */
export function toRegexSource(written: string): RegexSource {
  let source = "";
  let inClass = false;
  const positions: number[] = [];
  for (const { 0: token, index } of written.matchAll(TOKEN)) {
    const opensClass: boolean = !inClass && token.startsWith("[");
    const translated = opensClass ? token.replace("]", "\\]") : token.replace(/^%2f$/i, "/");
    for (let unit = 0; unit < translated.length; unit++) {
      positions.push(index + Math.min(unit, token.length - 1));
    }
    source += translated;
    const closesClass = !token.startsWith("\\") && token.endsWith("]");
    inClass = opensClass || (inClass && !closesClass);
  }
  return { source, positionOf: (index) => positions[index] ?? written.length };
}
