import { withoutStack } from "../../common/argania-error.ts";
import { BodyLimitError } from "../body-errors.ts";
import type { DicerClass } from "./dicer.ts";
import { FormParser, type ParsedPart, type ParserLimits } from "./form-parser.ts";
import type { PartHead } from "./part-head.ts";

/** More than this is not given to the parser at once: it finds all parts of it before it waits, in bytes. */
const MOST_AT_ONCE = 65_536;

export interface ReaderLimits extends ParserLimits {
  readonly bodyLimit: number;
}

/** Where the bytes of a form come from, and what takes them apart. */
export interface ChunkSource {
  readonly Dicer: DicerClass;
  chunks(): AsyncIterator<Uint8Array>;
}

/** Takes the body of a request no faster than its parts are read. */
export class FormReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #parser: FormParser;
  readonly #limit: number;
  #isRunning = false;

  constructor(
    { Dicer, chunks }: ChunkSource,
    boundary: string,
    limits: ReaderLimits,
    admit: (head: PartHead) => void,
  ) {
    this.#chunks = chunks();
    this.#parser = new FormParser(Dicer, boundary, limits, admit);
    this.#limit = limits.bodyLimit;
  }

  /** The next part, `null` after the last one. The one before must be over. */
  next(): Promise<ParsedPart | null> {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#run().catch((error: unknown) => this.#parser.fail(error));
    }
    return this.#parser.next();
  }

  /** The next part, if it has been found already, else `null`. */
  poll(): ParsedPart | null {
    return this.#parser.poll();
  }

  /** Gives up what has not been read, parts and the rest of the body. */
  abort(error: unknown): void {
    this.#parser.abort(error);
    this.#release();
  }

  async #run(): Promise<void> {
    let length = 0;
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (this.#parser.hasFailed) {
        return;
      }
      if (done === true) {
        this.#parser.end();
        return;
      }
      length += value.byteLength;
      const excess = Math.max(0, length - this.#limit);
      // What is within the limit counts, so that it does not matter how a body was cut into chunks.
      await this.#write(excess === 0 ? value : value.subarray(0, value.byteLength - excess));
      if (excess > 0) {
        this.#parser.fail(withoutStack(() => new BodyLimitError(this.#limit)));
      }
      if (this.#parser.hasFailed) {
        this.#release();
        return;
      }
    }
  }

  async #write(chunk: Uint8Array): Promise<void> {
    for (let start = 0; start < chunk.byteLength && !this.#parser.hasFailed; start += MOST_AT_ONCE) {
      await this.#parser.write(chunk.subarray(start, start + MOST_AT_ONCE));
    }
  }

  /** Nobody waits for it: what it may fail with has been told already. */
  #release(): void {
    this.#chunks.return?.()?.catch(() => {});
  }
}
