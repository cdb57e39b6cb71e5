import type { Encoding } from "./encodings.ts";
import { nodeEngines } from "./engines.ts";
import { NodeEncodedChunks } from "./node-encoded-chunks.ts";
import { webEncodedChunks } from "./web-encoded-chunks.ts";

/** What is to be compressed, and how it is let go of, whatever it is waiting for just then. */
export interface ChunkSource {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  release(): Promise<unknown>;
  /** Takes back the memory of a chunk that is not looked at any more. */
  recycle?: ((chunk: Uint8Array) => void) | undefined;
}

/** Each encoder holds up to two megabytes as long as its client takes to download. */
const MOST_AT_ONCE = 32;
let active = 0;

/** Whether there is room for one more; otherwise a body goes out as it is, which costs nothing. */
export function hasFreeEncoder(most: number = MOST_AT_ONCE): boolean {
  return active < most;
}

/** How many bodies are being compressed just now. */
export function activeEncoders(): number {
  return active;
}

/**
 * Compresses while it is read, no faster than it is read. Nothing is begun before, and whatever is going on ends when the
 * reader goes away: the encoder's memory is free then, and the source released.
 *
 * Chunks that come one right after the other are compressed together. When the source makes the reader wait, all that there
 * is goes out, so that a slow source is seen as it comes, and a fast one is compressed as well as it can be.
 *
 * @param open makes the source, when the first chunk is asked for, or when there is no need for any
 */
export function compressed(open: () => ChunkSource, encoding: Encoding): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => new CompressingReader(open, encoding) };
}

/** Not a generator: that does nothing before it was begun, and lets go of nothing while it waits. */
class CompressingReader implements AsyncIterator<Uint8Array, undefined> {
  readonly #open: () => ChunkSource;
  readonly #encoding: Encoding;
  #chunks: AsyncIterator<Uint8Array, undefined> | null = null;
  #isOver = false;

  constructor(open: () => ChunkSource, encoding: Encoding) {
    this.#open = open;
    this.#encoding = encoding;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#isOver) {
      return Promise.resolve({ done: true, value: undefined });
    }
    this.#chunks ??= this.#begin();
    return this.#chunks.next();
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#isOver) {
      this.#isOver = true;
      await (this.#chunks === null ? this.#open().release() : this.#chunks.return?.());
    }
    return { done: true, value: undefined };
  }

  #begin(): AsyncIterator<Uint8Array, undefined> {
    const { coding, level } = this.#encoding;
    const engine = nodeEngines()?.get(coding);
    const onClose = () => {
      active--;
    };
    active++;
    return engine === undefined
      ? webEncodedChunks(this.#open(), onClose)
      : new NodeEncodedChunks(this.#open(), engine, level, onClose);
  }
}
