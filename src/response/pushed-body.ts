/** Where a {@link PushedBody} goes. After `end`, `fail` or `breakOff` nothing more is taken. */
export interface PushTarget {
  /** Takes a chunk. After `false` it takes no more before it has called `onWritable`. */
  write(chunk: Uint8Array | string): boolean;
  /** The response is whole. */
  end(): void;
  /** The response failed: it is broken off, and the error is reported. */
  fail(error: unknown): void;
  /** The response is broken off, and nobody is told: it is the client's fault. */
  breakOff(): void;
}

/**
 * A body without an end that is sent when there is something to send, not when somebody asks for its next chunk: a
 * thousand clients then need no thousand promises for each event.
 *
 * Whoever does not know that takes it for what it is, too: an async iterable, whose client is as fast as its reader.
 */
export abstract class PushedBody implements AsyncIterable<Uint8Array | string> {
  /** What stands in front of the first chunk, and goes with the head if that is sent alone. */
  abstract readonly prelude: string;

  /** Begins to send to `target`; called once at most. */
  abstract open(target: PushTarget): void;

  /** The target takes more again. */
  abstract onWritable(): void;

  /** Nobody takes anything any more. Also called on a body that was never opened. Must not throw. */
  abstract release(): void;

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array | string> {
    return new PushedChunks(this);
  }
}

type Chunk = IteratorResult<Uint8Array | string, undefined>;

const DONE: Chunk = { done: true, value: undefined };

interface Waiting {
  resolve(chunk: Chunk): void;
  reject(error: unknown): void;
}

/** Takes a chunk only while somebody waits for one. */
class PushedChunks implements AsyncIterator<Uint8Array | string, undefined>, PushTarget {
  readonly #body: PushedBody;
  #prelude: string;
  #waiting: Waiting | null = null;
  #isOpen = false;
  #isOver = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(body: PushedBody) {
    this.#body = body;
    this.#prelude = body.prelude;
  }

  next(): Promise<Chunk> {
    const failure = this.#failure;
    if (failure !== null) {
      this.#failure = null;
      return Promise.reject(failure.error);
    }
    if (this.#isOver) {
      return Promise.resolve(DONE);
    }
    if (this.#prelude !== "") {
      const value = this.#prelude;
      this.#prelude = "";
      return Promise.resolve({ done: false, value });
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#isOpen) {
        this.#body.onWritable();
      } else {
        this.#isOpen = true;
        this.#body.open(this);
      }
    });
  }

  async return(): Promise<Chunk> {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#body.release();
      this.#settle(DONE);
    }
    return DONE;
  }

  write(chunk: Uint8Array | string): boolean {
    this.#settle({ done: false, value: chunk });
    return false;
  }

  end(): void {
    this.#isOver = true;
    this.#settle(DONE);
  }

  fail(error: unknown): void {
    this.#isOver = true;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) {
      this.#failure = { error };
    } else {
      waiting.reject(error);
    }
  }

  breakOff(): void {
    this.fail(new DOMException("The client takes less than it is sent.", "AbortError"));
  }

  #settle(chunk: Chunk): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(chunk);
  }
}
