import type { DicerParser } from "./dicer.ts";
import { formError } from "./multipart-form-error.ts";

const END = "\r\n\r\n";

/**
 * The rest of the line of the boundary, then lines of headers (RFC 5322 §2.2), each of which may be folded, and an empty
 * line. The classes that follow each other have no character in common, so that it takes linear time.
 */
const BLOCK =
  /^[ \t]*\r\n(?:[!#$%&'*+\-.^_`|~\dA-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n(?:[ \t][\t\x20-\x7e\x80-\xff]*\r\n)*)*\r\n$/;

/**
 * Looks at the headers of parts as they came. The parser cuts headers off that are too long, and drops all that follow a
 * malformed line, without a word: then a part would be another one here than for whoever looked at it before.
 *
 * The parser has no public place for that. Where its inner one is gone, its own limits are left.
 */
export class HeaderWatch {
  readonly #limit: number;
  #block = "";

  /** @param limit in bytes, for the headers of one part */
  constructor(parser: DicerParser, limit: number, fail: (error: Error) => void) {
    this.#limit = limit;
    const inner = parser._hparser;
    if (typeof inner?.push !== "function") {
      return;
    }
    const push = inner.push;
    inner.push = (data) => {
      this.#add(data as Buffer);
      if (this.#block.length > limit && !this.#block.includes(END)) {
        fail(tooLong(limit));
      }
      return push.call(inner, data);
    };
  }

  /** To be called at the first byte of each part. */
  begin(): void {
    this.#block = "";
  }

  /** To be called when the headers of a part are complete. */
  check(): void {
    if (this.#block === "") {
      return;
    }
    const end = this.#block.indexOf(END) + END.length;
    if (end < END.length || end > this.#limit) {
      throw tooLong(this.#limit);
    }
    if (!BLOCK.test(end === this.#block.length ? this.#block : this.#block.slice(0, end))) {
      throw formError("malformed", "A part has malformed headers.");
    }
  }

  #add(data: Buffer): void {
    const end = data.indexOf(END);
    const room = this.#limit + END.length - this.#block.length;
    this.#block += data.toString("latin1", 0, Math.min(end < 0 ? data.length : end + END.length, room));
  }
}

function tooLong(limit: number): Error {
  return formError("header-limit", `A part has headers of more than ${limit} bytes.`, { limit });
}
