import type { NodeWritable } from "./node-writable.ts";

/**
 * Above this a chunk is not copied into its frame, in bytes. A text is made bytes: while it waits for a client, Node would
 * keep it, and a buffer of three times its length for its UTF-8.
 */
const LARGEST_COPIED = 65_536;

const LINE_BREAK = "\r\n";

/**
 * Writes the chunks of a response. Where nobody else sees them and Node would frame each in four writes, they are
 * framed here (RFC 9112 §7.1): in one write, and once for all clients that get the same bytes. That takes half the
 * time in JavaScript. The bytes on the wire are the same.
 */
export class ChunkedWriter {
  readonly #writable: NodeWritable;
  readonly #frames: boolean;
  /** The `compression` of Express puts `flush` there, without which an event would wait until the compressor is full. */
  readonly #mayFlush: boolean;

  /** @param isOwn whether no middleware has laid itself around `write`. Comes after the head. */
  constructor(writable: NodeWritable, isOwn: boolean) {
    this.#writable = writable;
    this.#frames = isOwn && writable.chunkedEncoding === true;
    // Not the one that Node inherits, which is another thing, and deprecated.
    this.#mayFlush = !isOwn && Object.hasOwn(writable, "flush");
    if (this.#frames) {
      writable.chunkedEncoding = false;
    }
  }

  write(piece: Uint8Array | string): boolean {
    const writable = this.#writable;
    const chunk = typeof piece === "string" && piece.length > LARGEST_COPIED ? Buffer.from(piece) : piece;
    if (!this.#frames) {
      const takesMore = writable.write(chunk);
      if (this.#mayFlush) {
        writable.flush?.();
      }
      return takesMore;
    }
    // An empty one would be the end.
    if (chunk.length === 0) {
      return writable.write("");
    }
    if (typeof chunk === "string") {
      return writable.write(`${sizeLine(Buffer.byteLength(chunk))}${chunk}${LINE_BREAK}`);
    }
    if (chunk.byteLength <= LARGEST_COPIED) {
      return writable.write(framed(chunk));
    }
    writable.write(sizeLine(chunk.byteLength));
    writable.write(chunk);
    return writable.write(LINE_BREAK);
  }

  end(): void {
    if (this.#frames) {
      this.#writable.end(`0${LINE_BREAK}${LINE_BREAK}`);
    } else {
      this.#writable.end();
    }
  }
}

/** The last chunk: those who get the same one get it one after the other. */
let last: Uint8Array | null = null;
let lastFramed: Uint8Array = new Uint8Array();

function framed(chunk: Uint8Array): Uint8Array {
  if (chunk !== last) {
    lastFramed = Buffer.concat([Buffer.from(sizeLine(chunk.byteLength)), chunk, Buffer.from(LINE_BREAK)]);
    last = chunk;
  }
  return lastFramed;
}

function sizeLine(bytes: number): string {
  return `${bytes.toString(16)}${LINE_BREAK}`;
}
