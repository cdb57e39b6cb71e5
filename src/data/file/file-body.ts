import { ArganiaError } from "../../common/argania-error.ts";
import type { OpenFile } from "./open-file.ts";
import { type ReadSpace, readSpace } from "./read-buffers.ts";

/** A file became shorter while it was being sent, or could not be read any further. */
export class FileChangedError extends ArganiaError {
  readonly code = "ARGANIA_FILE_CHANGED";
}

/** Bytes from `start` up to, but not including, `end`. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** What a body consists of: parts of the file, and what stands between them. */
export type BodyPiece = ByteSpan | Uint8Array;

/**
 * Parts of a file as the body of a response, read as fast as they are sent. Its length was fixed when the file was
 * opened: what is appended meanwhile is not sent, and a file that has become shorter is an error, which breaks off the
 * connection.
 */
export class FileBody implements AsyncIterable<Uint8Array> {
  readonly #file: OpenFile;
  readonly #pieces: readonly BodyPiece[];

  constructor(file: OpenFile, pieces: readonly BodyPiece[]) {
    this.#file = file;
    this.#pieces = pieces;
  }

  [Symbol.asyncIterator](): FileReader {
    return new FileReader(this.#file, this.#pieces);
  }
}

type Result = IteratorResult<Uint8Array, undefined>;

const DONE: Result = Object.freeze({ done: true, value: undefined });

/** No generator: `return()` of one that was never started runs nothing, and the file would stay open. */
class FileReader implements AsyncIterator<Uint8Array, undefined> {
  readonly #file: OpenFile;
  readonly #pieces: readonly BodyPiece[];
  #index = 0;
  /** Where the current part goes on; -1 before it has begun. */
  #position = -1;
  #space: ReadSpace | null = null;
  /** Free to be read into. */
  #buffer: Buffer | null = null;
  /** Handed out as the last chunk. */
  #lent: Buffer | null = null;

  constructor(file: OpenFile, pieces: readonly BodyPiece[]) {
    this.#file = file;
    this.#pieces = pieces;
  }

  next(): Promise<Result> {
    const piece = this.#pieces[this.#index];
    if (piece === undefined) {
      return this.return();
    }
    if (piece instanceof Uint8Array) {
      this.#index++;
      return Promise.resolve({ done: false, value: piece });
    }
    const position = this.#position < 0 ? piece.start : this.#position;
    if (position === piece.end) {
      this.#goOn();
      return this.next();
    }
    return this.#read(position, piece.end);
  }

  async return(): Promise<Result> {
    this.#index = this.#pieces.length;
    this.#file.close();
    if (this.#space !== null && this.#buffer !== null) {
      this.#space.giveBack(this.#buffer);
      this.#buffer = null;
    }
    this.#space?.end();
    return DONE;
  }

  /** Whoever has done with a chunk for good may say so: the next one is read into the same memory. */
  recycle(chunk: Uint8Array): void {
    if (this.#lent !== null && chunk.buffer === this.#lent.buffer) {
      this.#buffer = this.#lent;
      this.#lent = null;
    }
  }

  async #read(position: number, end: number): Promise<Result> {
    this.#space ??= readSpace(end - position);
    const buffer = this.#buffer ?? this.#space.take();
    this.#buffer = null;
    const length = Math.min(buffer.length, end - position);
    const count = await this.#readInto(buffer, length, position);
    this.#position = position + count;
    if (this.#position === end) {
      this.#goOn();
    }
    this.#lent = buffer;
    return { done: false, value: count === buffer.length ? buffer : buffer.subarray(0, count) };
  }

  async #readInto(buffer: Buffer, length: number, position: number): Promise<number> {
    try {
      const count = await this.#file.read(buffer, length, position);
      if (count > 0) {
        return count;
      }
    } catch (error) {
      await this.return();
      throw error;
    }
    await this.return();
    throw new FileChangedError("The file has become shorter while it was being sent.");
  }

  #goOn(): void {
    this.#index++;
    this.#position = -1;
  }
}

/** Reads a small file as a whole and closes it. */
export async function readWhole(file: OpenFile): Promise<Uint8Array> {
  try {
    const bytes = Buffer.allocUnsafeSlow(file.size);
    for (let position = 0; position < bytes.length; ) {
      const part = bytes.subarray(position);
      const count = await file.read(part, part.length, position);
      if (count === 0) {
        throw new FileChangedError("The file has become shorter while it was being read.");
      }
      position += count;
    }
    return bytes;
  } finally {
    file.close();
  }
}
