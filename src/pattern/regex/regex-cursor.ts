import { RegexSyntaxError } from "./regex-syntax-error.ts";

/** A place in the source of a regex, which reads on from there. */
export class RegexCursor {
  readonly source: string;
  position = 0;

  constructor(source: string) {
    this.source = source;
  }

  get atEnd(): boolean {
    return this.position >= this.source.length;
  }

  /** The UTF-16 unit at the cursor, "" at the end. */
  get unit(): string {
    return this.source.charAt(this.position);
  }

  /** Skips the text if it comes next. */
  take(text: string): boolean {
    if (!this.source.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** Skips what a sticky regex matches at the cursor. */
  match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.position;
    const match = sticky.exec(this.source);
    if (match !== null) this.position = sticky.lastIndex;
    return match;
  }

  /** Reads one code point; a pair of surrogates is one, as the flag `u` demands. */
  codePoint(): number {
    const point = this.source.codePointAt(this.position)!;
    this.position += point > 0xffff ? 2 : 1;
    return point;
  }

  fail(position: number, reason: string, hint: string): never {
    throw new RegexSyntaxError(position, reason, hint);
  }
}
