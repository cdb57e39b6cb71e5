import { ByteCollector } from "../common/byte-collector.ts";
import type { BodyMemory } from "./body-memory.ts";
import { isClosed, type NodeResponseEvents } from "./node-types.ts";

/** Why a body is not handed over: it is longer than it may be, or the bodies of all requests take too much memory. */
export type BodyRefusal = "too-large" | "no-memory";

/** Bodies up to this length are not counted, in bytes: they take no more than a head may, and should cost no more. */
export const UNCOUNTED = 16_384;

/** Puts together a body of limited length, and counts it with the others of its service. */
export class BodyCollector {
  readonly #bytes = new ByteCollector();
  readonly #limit: number;
  readonly #memory: BodyMemory;
  readonly #response: NodeResponseEvents | null;
  #counted = 0;

  /** @param response `null` where its end cannot be known: then a body counts only until it is whole */
  constructor(limit: number, memory: BodyMemory, response: NodeResponseEvents | null) {
    this.#limit = limit;
    this.#memory = memory;
    this.#response = response;
  }

  /** Adds a chunk, or says why it must not. */
  add(chunk: Uint8Array): BodyRefusal | null {
    const length = this.#bytes.length + chunk.byteLength;
    if (length > this.#limit) {
      return "too-large";
    }
    if (length > UNCOUNTED) {
      if (!this.#memory.take(length - this.#counted, this.#counted)) {
        return "no-memory";
      }
      this.#counted = length;
    }
    this.#bytes.add(chunk);
    return null;
  }

  /** The whole body. It counts until its request is answered: what is made of it lives as long. */
  whole(): Uint8Array {
    if (this.#counted > 0) {
      if (this.#response === null || isClosed(this.#response)) {
        this.discard();
      } else {
        this.#response.once("close", () => this.discard());
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
