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

/** How many bodies are being compressed just now, or are about to be. */
export function activeEncoders(): number {
  return active;
}

/** Room for one encoder, given back once. */
class Slot {
  #isTaken = true;

  constructor() {
    active++;
  }

  readonly release = (): void => {
    if (this.#isTaken) {
      this.#isTaken = false;
      active--;
    }
  };
}

/** The slots of bodies that were neither read nor let go of, as when somebody's layer drops a response. */
let forgotten: FinalizationRegistry<Slot> | null = null;

/**
 * Compresses while it is read, no faster than it is read. Nothing is begun before, and whatever is going on ends when the
 * reader goes away: the encoder's memory is free then, and the source released. It is read once.
 *
 * It counts as one of those that are compressed from here on: many may be made before the first one is read.
 *
 * Chunks that come one right after the other are compressed together. When the source makes the reader wait, all that there
 * is goes out, so that a slow source is seen as it comes, and a fast one is compressed as well as it can be.
 *
 * @param open makes the source, when the first chunk is asked for, or when there is no need for any
 */
export function compressed(open: () => ChunkSource, encoding: Encoding): AsyncIterable<Uint8Array> {
  const slot = new Slot();
  const body = new CompressedBody(open, encoding, slot);
  if (typeof FinalizationRegistry === "function") {
    forgotten ??= new FinalizationRegistry((left) => left.release());
    forgotten.register(body, slot);
  }
  return body;
}

/** Not a generator: that does nothing before it was begun, and lets go of nothing while it waits. */
class CompressedBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #open: () => ChunkSource;
  readonly #encoding: Encoding;
  readonly #slot: Slot;
  #chunks: AsyncIterator<Uint8Array, undefined> | null = null;
  #isOver = false;

  constructor(open: () => ChunkSource, encoding: Encoding, slot: Slot) {
    this.#open = open;
    this.#encoding = encoding;
    this.#slot = slot;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#isOver) {
      return Promise.resolve({ done: true, value: undefined });
    }
    try {
      this.#chunks ??= this.#begin();
    } catch (error) {
      this.#isOver = true;
      this.#slot.release();
      return Promise.reject(error);
    }
    return this.#chunks.next();
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#isOver) {
      return { done: true, value: undefined };
    }
    this.#isOver = true;
    if (this.#chunks === null) {
      this.#slot.release();
      await this.#open().release();
    } else {
      await this.#chunks.return?.();
    }
    return { done: true, value: undefined };
  }

  #begin(): AsyncIterator<Uint8Array, undefined> {
    const { coding, level } = this.#encoding;
    const engine = nodeEngines()?.get(coding);
    const source = this.#open();
    return engine === undefined
      ? webEncodedChunks(source, this.#slot.release)
      : new NodeEncodedChunks(source, engine, level, this.#slot.release);
  }
}
