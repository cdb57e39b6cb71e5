/** A piece of a pattern and the index where it begins. */
export interface Piece {
  readonly text: string;
  readonly position: number;
}

/**
 * Splits `text` at each `separator` that stands outside of captures.
 *
 * A brace that is never closed takes in all the rest; whoever parses that piece reports it.
 */
export function splitOutsideBraces(text: string, separator: "/" | " "): readonly Piece[] {
  if (!text.includes(separator)) {
    return [{ text, position: 0 }];
  }
  const pieces: Piece[] = [];
  let start = 0;
  let index = 0;
  while (index < text.length) {
    if (text[index] === separator) {
      pieces.push({ text: text.slice(start, index), position: start });
      start = index + 1;
    }
    index = nextIndex(text, index);
  }
  pieces.push({ text: text.slice(start), position: start });
  return pieces;
}

/** Whether a capture opens at `index`: `{{` is a literal brace. */
export function opensCapture(text: string, index: number): boolean {
  return text[index] === "{" && text[index + 1] !== "{";
}

/** The index behind the capture that opens at `open`; -1 when it is never closed. */
export function endOfCapture(text: string, open: number): number {
  for (let index = open + 1; index < text.length; index++) {
    switch (text[index]) {
      case "}":
        return index + 1;
      case ":":
        return endOfRegex(text, index + 1);
      // No name holds these: what looks like a name is the rest of the pattern, behind a forgotten brace.
      case "/":
      case "{":
        return -1;
    }
  }
  return -1;
}

function nextIndex(text: string, index: number): number {
  if (opensCapture(text, index)) {
    const end = endOfCapture(text, index);
    return end === -1 ? text.length : end;
  }
  return text[index] === "{" ? index + 2 : index + 1;
}

/** Braces nest in a regex (`\d{5}`); escaped ones and those in a character class do not count. */
function endOfRegex(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length; index++) {
    switch (text[index]) {
      case "\\":
        index++;
        break;
      case "[":
        index = endOfClass(text, index);
        break;
      case "{":
        depth++;
        break;
      case "}":
        depth--;
        if (depth === 0) {
          return index + 1;
        }
    }
  }
  return -1;
}

/** A class ends at the first `]` that is neither escaped nor its first member, as in argan's regexes. */
function endOfClass(text: string, open: number): number {
  let index = text[open + 1] === "^" ? open + 2 : open + 1;
  if (text[index] === "]") {
    index++;
  }
  while (index < text.length && text[index] !== "]") {
    index += text[index] === "\\" ? 2 : 1;
  }
  return index;
}
