import type { ChunkSink } from "../../request/node-chunks.ts";
import type { DicerPart } from "./dicer.ts";

const NOWHERE: ChunkSink = { add: () => {}, end: () => {}, fail: () => {} };

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
  #room = Number.POSITIVE_INFINITY;
  #refuse: () => void = () => {};
  #left: (() => Error) | null = null;
  #tellOver: () => void = () => {};
  #tellFailure: () => void = () => {};

  /**
   * @param isOurs whether a chunk is part of what the parser was given
   * @param onWhole told when the parser has come to its end
   */
  constructor(part: DicerPart, isOurs: (chunk: Uint8Array) => boolean, onWhole: () => void) {
    this.#part = part;
    part.push = (chunk) => {
      if (chunk === null) {
        this.#isWhole = true;
        onWhole();
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

  /** Has a function called when it fails, or at once when it has failed. */
  onFailure(tell: () => void): void {
    this.#tellFailure = tell;
    if (this.#failure !== null) {
      tell();
    }
  }

  /** Calls `refuse`, which must fail it, when more than `bytes` of it are handed over. */
  bound(bytes: number, refuse: () => void): void {
    this.#room = bytes;
    this.#refuse = refuse;
  }

  /** Hands all that comes from now on to a sink, which can pause. The last one counts. */
  take(sink: ChunkSink): void {
    if (this.#left !== null || this.#failure !== null) {
      sink.fail(this.#left?.() ?? this.#failure?.error);
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

  /** Whether it has no byte at all. */
  isEmpty(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const add = (chunk: Uint8Array) => {
        this.#isFlowing = false;
        this.#room += chunk.byteLength;
        this.#ready.unshift(chunk);
        resolve(false);
      };
      this.take({ add, end: () => resolve(true), fail: reject });
    });
  }

  /** Throws away what has not been handed over. */
  discard(): void {
    this.#sink = NOWHERE;
    this.resume();
  }

  /** Takes it from its reader, who gets the error now, or when it begins to read. */
  leave(error: () => Error): void {
    this.#left = error;
    if (!this.isOver) {
      this.#sink?.fail(error());
      this.discard();
    }
  }

  /** Ends it for whoever reads it, now or later. */
  fail(error: unknown): void {
    if (!this.isOver) {
      this.#failure = { error };
      this.#ready.length = 0;
      this.#tellFailure();
      this.#sink?.fail(error);
      this.#tellOver();
    }
  }

  /** For one who waits. */
  whenOver(): Promise<void> {
    return new Promise((resolve) => {
      this.#tellOver = resolve;
      if (this.isOver) {
        resolve();
      }
    });
  }

  #flush(): void {
    while (this.#isFlowing && this.#failure === null && this.#sink !== null) {
      const chunk = this.#ready.shift();
      if (chunk !== undefined) {
        this.#room -= chunk.byteLength;
        if (this.#room < 0) {
          this.#refuse();
        } else {
          this.#sink.add(chunk);
        }
      } else if (this.#isWhole && !this.#isOver) {
        this.#end(this.#sink);
      } else {
        return;
      }
    }
  }

  #end(sink: ChunkSink): void {
    this.#isOver = true;
    // The parser counts the parts that are still being read, and goes on when there are none, but not after the last one.
    this.#part.emit("end");
    this.#part._read(0);
    sink.end();
    this.#tellOver();
  }
}
