import type { Alphabet } from "./alphabet.ts";

/**
 * The input of a match as a machine sees it: a class of the alphabet for each code point, since the flag `u`
 * makes a pair of surrogates one character. One object serves all matches, which never overlap.
 */
export class RegexInput {
  /** The number of code points. */
  length = 0;
  classes: Uint16Array = new Uint16Array(256);
  #text = "";
  /** Where each code point starts in the text; filled only if some take two units. */
  #offsets: number[] = [];

  load(text: string, alphabet: Alphabet): void {
    this.#text = text;
    this.#offsets = [];
    if (this.classes.length < text.length) this.classes = new Uint16Array(text.length * 2);
    let length = 0;
    for (let at = 0; at < text.length; at += 1) {
      const point = text.codePointAt(at)!;
      if (point > 0xffff) {
        this.#startOffsets(length);
        at += 1;
      }
      this.classes[length] = alphabet.classOf(point);
      length += 1;
      if (this.#offsets.length > 0) this.#offsets.push(at + 1);
    }
    this.length = length;
  }

  /** Forgets the text, so that it can be collected. */
  unload(): void {
    this.#text = "";
  }

  #startOffsets(length: number): void {
    if (this.#offsets.length > 0) return;
    for (let at = 0; at <= length; at += 1) this.#offsets.push(at);
  }

  slice(from: number, to: number): string {
    return this.#text.slice(this.#offsets[from] ?? from, this.#offsets[to] ?? to);
  }

  /** Whether `\b` holds at a position (ECMA-262 IsWordChar on both sides). */
  isWordEdge(position: number): boolean {
    const at = this.#offsets[position] ?? position;
    return isWordUnit(this.#text.charCodeAt(at - 1)) !== isWordUnit(this.#text.charCodeAt(at));
  }
}

/** NaN, beyond the ends of the text, is no word character either. */
function isWordUnit(unit: number): boolean {
  if (unit >= 0x61) return unit <= 0x7a;
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f;
}
