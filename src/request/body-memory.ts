import { builtinModule } from "../common/builtin-module.ts";

/** As much of `node:v8` as is asked here. */
interface HeapModule {
  getHeapStatistics(): { readonly heap_size_limit: number };
}

/** Where the runtime does not tell how large its heap may grow, in bytes. */
const FALLBACK = 32 * 2 ** 20;

/** What bodies may take of the heap that lasts. */
const SHARE_OF_HEAP = 1 / 16;

/** What V8 counts for short-lived values at most, in bytes; of small heaps it is the greater part. */
const YOUNG_GENERATION = 192 * 2 ** 20;

/**
 * How many bytes the bodies of one service take at a time. A limit for each body alone is none for a process: a few hundred
 * clients at once can fill its heap with bodies that are all allowed.
 */
export class BodyMemory {
  #limit: number | undefined;
  #held = 0;

  /** @param limit in bytes; `undefined` is a share of the heap */
  constructor(limit?: number) {
    this.#limit = limit;
  }

  /** Whether no further body has room. */
  get isFull(): boolean {
    return this.#held >= this.#bytes;
  }

  /**
   * Counts further bytes of a body. False when all *other* bodies fill the memory: the one in question is held by its own
   * limit, and one that is allowed to be larger than the memory can be read when it is alone.
   */
  take(bytes: number, own: number): boolean {
    if (this.#held - own >= this.#bytes) {
      return false;
    }
    this.#held += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }

  get #bytes(): number {
    this.#limit ??= shareOfHeap();
    return this.#limit;
  }
}

/** For sources that belong to no service. */
export const UNBOUNDED: BodyMemory = new BodyMemory(Number.POSITIVE_INFINITY);

function shareOfHeap(): number {
  const heap = builtinModule<HeapModule>("node:v8")?.getHeapStatistics().heap_size_limit;
  // Workers have the function, and give 0.
  return heap === undefined || !(heap > 0)
    ? FALLBACK
    : Math.ceil(Math.max(heap - YOUNG_GENERATION, heap / 3) * SHARE_OF_HEAP);
}
