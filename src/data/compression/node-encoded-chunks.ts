import { ByteCollector } from "../../common/byte-collector.ts";
import { drained } from "../../common/node-drained.ts";
import { toBytes } from "../../response/body-stream.ts";
import type { ChunkSource } from "./compressed.ts";
import type { Engine, NodeEncoder } from "./engines.ts";

type Result = IteratorResult<Uint8Array, undefined>;

const DONE: Result = Object.freeze({ done: true, value: undefined });

/** How many bytes go to the encoder at once: each time is a way to another thread and back. */
const BATCH = 32 * 1024;

/** What an encoder of `node:zlib` makes of chunks. `return()` lets go of both at once. */
export class NodeEncodedChunks implements AsyncIterator<Uint8Array, undefined> {
  readonly #source: ChunkSource;
  readonly #encoder: NodeEncoder;
  readonly #flushKind: number;
  readonly #output: AsyncIterator<Uint8Array>;
  #hasBegun = false;
  #isOver = false;
  #failure: { readonly error: unknown } | null = null;
  /** What has not been given to the encoder yet. */
  #batch = new ByteCollector();
  /** Whether the encoder keeps something to itself. */
  #isUnflushed = false;
  #isWaiting = false;
  #hasTimer = false;

  /** @param onClose called when the memory of the encoder is free again */
  constructor(source: ChunkSource, engine: Engine, level: number, onClose: () => void) {
    this.#source = source;
    this.#encoder = engine.stream(engine.options(level));
    this.#flushKind = engine.flush;
    this.#output = this.#encoder[Symbol.asyncIterator]();
    this.#encoder.once("close", onClose);
    // Also after it was let go of: an "error" event without a listener would end the process.
    this.#encoder.on("error", () => {});
  }

  async next(): Promise<Result> {
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
        return { done: false, value };
      }
    } catch (error) {
      if (this.#isOver) {
        return DONE;
      }
      this.#failure ??= { error };
    }
    this.#release();
    if (this.#failure !== null) {
      throw this.#failure.error;
    }
    return DONE;
  }

  async return(): Promise<Result> {
    this.#release();
    return DONE;
  }

  /** Never rejects: what fails is found by whoever waits for the output. */
  async #feed(): Promise<void> {
    const encoder = this.#encoder;
    try {
      for (;;) {
        this.#wait();
        const { done, value } = await this.#source.next();
        this.#isWaiting = false;
        if (this.#isOver) {
          return;
        }
        if (done === true) {
          this.#write();
          encoder.end();
          return;
        }
        this.#add(value);
        if (encoder.writableNeedDrain) {
          await drained(encoder);
          if (this.#batch.length === 0 && value instanceof Uint8Array) {
            this.#source.recycle?.(value);
          }
        }
      }
    } catch (error) {
      this.#failure = { error };
      encoder.destroy();
    }
  }

  #add(value: unknown): void {
    const chunk = toBytes(value);
    if (chunk.byteLength > 0) {
      this.#batch.add(chunk);
      if (this.#batch.length >= BATCH) {
        this.#write();
      }
    }
  }

  #write(): void {
    if (this.#batch.length > 0) {
      this.#encoder.write(this.#batch.whole());
      this.#batch = new ByteCollector();
      this.#isUnflushed = true;
    }
  }

  /** Before the source is asked for more. */
  #wait(): void {
    this.#isWaiting = true;
    if (!this.#hasTimer && (this.#batch.length > 0 || this.#isUnflushed)) {
      this.#hasTimer = true;
      setImmediate(this.#onTurn);
    }
  }

  /** What did not come within the turn may be long in coming: what there is goes out. */
  readonly #onTurn = (): void => {
    this.#hasTimer = false;
    if (this.#isWaiting && !this.#isOver && !this.#encoder.destroyed) {
      this.#write();
      if (this.#isUnflushed) {
        this.#isUnflushed = false;
        this.#encoder.flush(this.#flushKind);
      }
    }
  };

  #release(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#encoder.destroy();
      this.#source.release().catch(() => {});
    }
  }
}
