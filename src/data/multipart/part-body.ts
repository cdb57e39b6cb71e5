import type { ChunkSink } from "../../request/node-chunks.ts";
import type { DicerPart } from "./dicer.ts";

/**
 * The bytes of a part on their way from the parser to whoever reads them. The parser's own stream of a part is only what
 * it writes to. What it hands over may lie in a buffer of its own, in which it still looks for the boundary, here or even
 * in other forms: nobody may write to that, or transfer it.
 */
export class PartBody {
  readonly #part: DicerPart;
  readonly #ready: Uint8Array[] = [];
  #sink: ChunkSink | null = null;
  #isFlowing = false;
  /** Whether the parser has come to its end. */
  #isWhole = false;
  #isOver = false;
  #failure: { readonly error: unknown } | null = null;

  /** @param isOurs whether a chunk is part of what the parser was given */
  constructor(part: DicerPart, isOurs: (chunk: Uint8Array) => boolean) {
    this.#part = part;
    part.push = (chunk) => {
      if (chunk === null) {
        this.#isWhole = true;
      } else if (this.#failure === null) {
        const { buffer, byteOffset, byteLength } = chunk;
        this.#ready.push(
          isOurs(chunk) ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(chunk),
        );
      }
      this.#flush();
      return this.#isFlowing;
    };
    // What the parser has to say of a part that was cut off, it says of the form, too.
    part.on("error", () => {});
  }

  /** Whether nothing more comes: all of it was handed over, or it has failed. */
  get isOver(): boolean {
    return this.#isOver || this.#failure !== null;
  }

  /** Hands all that comes from now on to a sink, which can pause. The last one counts. */
  take(sink: ChunkSink): void {
    if (this.#failure !== null) {
      sink.fail(this.#failure.error);
      return;
    }
    this.#sink = sink;
    this.resume();
  }

  pause(): void {
    this.#isFlowing = false;
  }

  resume(): void {
    this.#isFlowing = true;
    this.#flush();
    if (this.#isFlowing && !this.#isOver) {
      this.#part._read(0);
    }
  }

  /** Ends it for whoever reads it, now or later. */
  fail(error: unknown): void {
    if (!this.isOver) {
      this.#failure = { error };
      this.#ready.length = 0;
      this.#sink?.fail(error);
    }
  }

  #flush(): void {
    while (this.#isFlowing && this.#failure === null && this.#sink !== null) {
      const chunk = this.#ready.shift();
      if (chunk !== undefined) {
        this.#sink.add(chunk);
      } else if (this.#isWhole && !this.#isOver) {
        this.#isOver = true;
        // The parser counts the parts that are still being read, and goes on when there are none, but not after the last one.
        this.#part.emit("end");
        this.#part._read(0);
        this.#sink.end();
      } else {
        return;
      }
    }
  }
}
