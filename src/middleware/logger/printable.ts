/** C0 and C1 controls, DEL, and the signs that turn the direction of text: a terminal obeys them (CWE-117, CWE-150). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text that cannot forge a line of a log or steer a terminal: such characters are written as `\u001b`. JSON escapes only
 * some of them.
 *
 * @param hasLines whether line breaks and tabs may stay, as in a stack
 */
export function printable(text: string, most: number, hasLines = false): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replace(UNSAFE, (character) =>
    hasLines && (character === "\n" || character === "\t") ? character : escaped(character),
  );
}

/** What JSON leaves as it is. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** A line of JSON without what a terminal obeys: the same values, written with escapes. */
export function printableJson(line: string): string {
  return UNSAFE_IN_JSON.test(line)
    ? line.replace(UNSAFE, (found) => (found === "\n" ? found : escaped(found)))
    : line;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
