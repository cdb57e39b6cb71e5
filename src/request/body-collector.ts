import { ByteCollector } from "../common/byte-collector.ts";
import type { BodyMemory } from "./body-memory.ts";

/** Why a body is not handed over: it is longer than it may be, or the bodies of all requests take too much memory. */
export type BodyRefusal = "too-large" | "no-memory";

/** Bodies up to this length are not counted, in bytes: they take no more than a head may, and should cost no more. */
export const UNCOUNTED = 16_384;

/** Holds on to what was read until its request is answered, and calls `discard` then. */
export interface BodyHolder {
  hold(collector: BodyCollector): void;
}

/** Puts together a body of limited length, and counts it with the others of its service. */
export class BodyCollector {
  readonly #bytes: ByteCollector;
  readonly #limit: number;
  readonly #weight: number;
  readonly #memory: BodyMemory;
  readonly #holder: BodyHolder | null;
  #counted = 0;

  /**
   * @param holder `null` where nobody knows when a request is answered: then a body counts only until it is whole
   * @param weight how many bytes one of the body counts for
   */
  constructor(limit: number, memory: BodyMemory, holder: BodyHolder | null, weight = 1) {
    this.#bytes = new ByteCollector(limit);
    this.#limit = limit;
    this.#memory = memory;
    this.#holder = holder;
    this.#weight = weight;
  }

  /** Adds a chunk, or says why it must not. */
  add(chunk: Uint8Array): BodyRefusal | null {
    const length = this.#bytes.length + chunk.byteLength;
    if (length > this.#limit) {
      return "too-large";
    }
    if (length > UNCOUNTED) {
      const counted = length * this.#weight;
      if (!this.#memory.take(counted - this.#counted, this.#counted)) {
        return "no-memory";
      }
      this.#counted = counted;
    }
    this.#bytes.add(chunk);
    return null;
  }

  /** The whole body. It counts until its request is answered: what is made of it lives as long. */
  whole(): Uint8Array {
    if (this.#counted > 0) {
      if (this.#holder === null) {
        this.discard();
      } else {
        this.#holder.hold(this);
      }
    }
    return this.#bytes.whole();
  }

  /** The body will not be used: it counts no longer. */
  discard(): void {
    this.#memory.giveBack(this.#counted);
    this.#counted = 0;
  }
}
