import { NO_BYTES } from "../../common/byte-collector.ts";
import type { Written } from "./node-http.ts";

/** How much may wait before a writer is told to: as much as a socket of Node takes. */
const HIGH_WATER_MARK = 16_384;

type Chunk = IteratorResult<Uint8Array | string, undefined>;

const DONE: Chunk = { done: true, value: undefined };

/** What becomes of what is written. */
export interface BodyEvents {
  /** Everything that waited has been taken, after a writer was told to wait. */
  onDrain(): void;
  /** What was written with this callback has been taken, or let go of. */
  onTaken(callback: Written): void;
  /** The last byte has been taken. */
  onFinish(): void;
  /** Nobody takes anything any more. */
  onRelease(): void;
}

/**
 * What middleware writes, as a body that is read: no faster than its reader takes it. It is read once.
 *
 * Not a generator: that could not return while it waits for a chunk.
 */
export class RecordedBody implements AsyncIterableIterator<Uint8Array | string> {
  readonly #events: BodyEvents;
  readonly #chunks: (Uint8Array | string)[] = [];
  readonly #callbacks: (Written | undefined)[] = [];
  #length = 0;
  #hasEnded = false;
  #isOver = false;
  #isDropped = false;
  #needsDrain = false;
  #failure: { readonly error: unknown } | null = null;
  #waiting: { resolve(chunk: Chunk): void; reject(error: unknown): void } | null = null;

  constructor(events: BodyEvents) {
    this.#events = events;
  }

  /** Everything, when it has been written already and nobody has begun to read; else `undefined`. */
  whole(): Uint8Array | string | null | undefined {
    if (!this.#hasEnded || this.#isOver) {
      return undefined;
    }
    const [first = null] = this.#chunks;
    const whole = this.#chunks.length > 1 ? joined(this.#chunks) : first;
    this.#takeAll();
    this.#finish();
    return whole;
  }

  /** @returns whether more is welcome */
  write(chunk: Uint8Array | string, callback: Written | undefined): boolean {
    const waiting = this.#waiting;
    if (this.#isOver || chunk.length === 0 || this.#isDropped) {
      this.#later(callback);
      return true;
    }
    if (waiting !== null) {
      this.#waiting = null;
      waiting.resolve({ done: false, value: chunk });
      this.#later(callback);
      return true;
    }
    this.#chunks.push(chunk);
    this.#callbacks.push(callback);
    this.#length += chunk.length;
    this.#needsDrain ||= this.#length >= HIGH_WATER_MARK;
    return !this.#needsDrain;
  }

  end(): void {
    this.#hasEnded = true;
    if (this.#waiting !== null || this.#isDropped) {
      this.#finish();
    }
  }

  /** Nobody will read it: what is written is let go of. */
  drop(): void {
    this.#isDropped = true;
    this.#takeAll();
    if (this.#hasEnded && !this.#isOver) {
      this.#finish();
    }
  }

  /** Breaks it off: whoever reads it learns that it is not whole. */
  fail(error: unknown): void {
    if (!this.#isOver) {
      this.#isOver = true;
      const waiting = this.#waiting;
      this.#waiting = null;
      if (waiting === null) {
        this.#failure = { error };
      } else {
        waiting.reject(error);
      }
      this.#takeAll();
    }
  }

  next(): Promise<Chunk> {
    const value = this.#chunks.shift();
    if (value !== undefined) {
      this.#length -= value.length;
      this.#later(this.#callbacks.shift());
      this.#drain();
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure !== null) {
      const { error } = this.#failure;
      this.#failure = null;
      return Promise.reject(error);
    }
    if (this.#hasEnded || this.#isOver) {
      this.#finish();
      return Promise.resolve(DONE);
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async return(): Promise<Chunk> {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#takeAll();
      this.#waiting?.resolve(DONE);
      this.#waiting = null;
      this.#events.onRelease();
    }
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#waiting?.resolve(DONE);
      this.#waiting = null;
      this.#events.onFinish();
    }
  }

  #later(callback: Written | undefined): void {
    if (callback !== undefined) {
      this.#events.onTaken(callback);
    }
  }

  #takeAll(): void {
    this.#chunks.length = 0;
    this.#length = 0;
    for (const callback of this.#callbacks.splice(0)) {
      this.#later(callback);
    }
    this.#drain();
  }

  #drain(): void {
    if (this.#needsDrain && this.#chunks.length === 0) {
      this.#needsDrain = false;
      this.#events.onDrain();
    }
  }
}

function joined(chunks: readonly (Uint8Array | string)[]): Uint8Array | string {
  if (chunks.every((chunk) => typeof chunk === "string")) {
    return chunks.join("");
  }
  const bytes = chunks.map((chunk) => (typeof chunk === "string" ? Buffer.from(chunk) : chunk));
  return bytes.length === 0 ? NO_BYTES : Buffer.concat(bytes);
}
