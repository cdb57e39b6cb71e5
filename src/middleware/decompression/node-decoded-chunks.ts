import { withoutStack } from "../../common/argania-error.ts";
import { drained } from "../../common/node-drained.ts";
import { ContentEncodingError } from "../../data/body-errors.ts";

/** A decompressing stream of `node:zlib`, as far as it is used here. */
export interface NodeDecoder extends AsyncIterable<Uint8Array> {
  readonly destroyed: boolean;
  /** What the engine has taken of the input, which is less than all of it when something follows the end. */
  readonly bytesWritten: number;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: "error", listener: () => void): unknown;
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
}

/** Follows the input to know whether it could end where it ends. */
export interface EndWatch {
  readonly isWhole: boolean;
  add(chunk: Uint8Array): void;
}

const DONE = { done: true, value: undefined } as const;

/**
 * What a decoder makes of chunks, no faster than it is taken: the decoder holds a few of its own blocks and no more, however
 * far the input expands. `return()` lets go of the decoder and of the input at once.
 *
 * An input without a single byte is an empty body: some clients name a coding whether there is a body or not.
 */
export class NodeDecodedChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #input: AsyncIterableIterator<Uint8Array>;
  readonly #decoder: NodeDecoder;
  readonly #output: AsyncIterator<Uint8Array>;
  readonly #coding: string;
  readonly #watch: EndWatch | null;
  #fed = 0;
  #hasBegun = false;
  #isOver = false;
  #failure: { readonly error: unknown } | null = null;

  /** @param watch where the decoder itself does not tell an end from a cut */
  constructor(
    input: AsyncIterableIterator<Uint8Array>,
    decoder: NodeDecoder,
    coding: string,
    watch: EndWatch | null = null,
  ) {
    this.#input = input;
    this.#decoder = decoder;
    this.#output = decoder[Symbol.asyncIterator]();
    this.#coding = coding;
    this.#watch = watch;
    // Also after it was let go of: an "error" event without a listener would end the process.
    decoder.on("error", () => {});
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#isOver) {
      return DONE;
    }
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#feed();
    }
    try {
      const { done, value } = await this.#output.next();
      if (done !== true) {
        return { done: false, value: new Uint8Array(value.buffer, value.byteOffset, value.byteLength) };
      }
    } catch (cause) {
      if (this.#isOver) {
        return DONE;
      }
      this.#release();
      throw this.#failure === null ? this.#malformed({ cause }) : this.#failure.error;
    }
    this.#release();
    if (this.#decoder.bytesWritten < this.#fed || this.#watch?.isWhole === false) {
      throw this.#malformed();
    }
    return DONE;
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#release();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Never rejects: what fails is found by whoever waits for the output. */
  async #feed(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#input.next();
        if (this.#isOver) {
          return;
        }
        if (done === true) {
          this.#end();
          return;
        }
        this.#fed += value.byteLength;
        this.#watch?.add(value);
        if (!this.#decoder.write(value)) {
          await drained(this.#decoder);
        }
      }
    } catch (error) {
      this.#failure = { error };
      this.#decoder.destroy();
    }
  }

  #end(): void {
    if (this.#fed === 0) {
      this.#release();
    } else {
      this.#decoder.end();
    }
  }

  #release(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#decoder.destroy();
      this.#input.return?.().catch(() => {});
    }
  }

  #malformed(options: ErrorOptions = {}): ContentEncodingError {
    return withoutStack(
      () => new ContentEncodingError(`The body is not valid in the coding ${this.#coding}.`, options),
    );
  }
}
