import { ByteCollector } from "../common/byte-collector.ts";
import type { BodyMemory } from "./body-memory.ts";
import { BodyShare } from "./body-share.ts";

/** Why a body is not handed over: it is longer than it may be, or the bodies of all requests take too much memory. */
export type BodyRefusal = "too-large" | "no-memory";

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
  readonly #share: BodyShare;
  /** How many bytes of it are in the share. */
  #shared = 0;

  /**
   * @param holder `null` where nobody knows when a request is answered: then a body counts only until it is whole
   * @param weight how many bytes one of the body counts for
   * @param share one of its own by default
   */
  constructor(
    limit: number,
    memory: BodyMemory,
    holder: BodyHolder | null,
    weight = 1,
    share: BodyShare = new BodyShare(),
  ) {
    this.#bytes = new ByteCollector(limit);
    this.#limit = limit;
    this.#memory = memory;
    this.#holder = holder;
    this.#weight = weight;
    this.#share = share;
  }

  /** Adds a chunk, or says why it must not. */
  add(chunk: Uint8Array): BodyRefusal | null {
    if (this.#bytes.length + chunk.byteLength > this.#limit) {
      return "too-large";
    }
    if (!this.#share.add(this.#memory, chunk.byteLength, this.#weight)) {
      return "no-memory";
    }
    this.#shared += chunk.byteLength;
    this.#bytes.add(chunk);
    return null;
  }

  /** The whole body. It counts until its request is answered: what is made of it lives as long. */
  whole(): Uint8Array {
    if (this.#share.isCounted) {
      if (this.#holder === null) {
        this.#share.rest(this.#memory);
      } else {
        this.#holder.hold(this);
      }
    }
    return this.#bytes.whole();
  }

  /** The body will not be used: it counts no longer. */
  discard(): void {
    this.#share.remove(this.#memory, this.#shared, this.#weight);
    this.#shared = 0;
  }
}
