import type { BodyMemory } from "./body-memory.ts";

/** Bodies up to this length are not counted, in bytes: they take no more than a head may, and should cost no more. */
export const UNCOUNTED = 16_384;

/**
 * What one request keeps in memory of its body. The parts of a form have one together: a form of many small parts takes
 * as much as a body that is large.
 */
export class BodyShare {
  #length = 0;
  #weighed = 0;
  #counted = 0;

  get isCounted(): boolean {
    return this.#counted > 0;
  }

  /** Adds bytes, of which each counts `weight` times; false when the memory has no room. */
  add(memory: BodyMemory, length: number, weight: number): boolean {
    const weighed = this.#weighed + length * weight;
    if (this.#length + length > UNCOUNTED) {
      if (!memory.take(weighed - this.#counted, this.#counted)) {
        return false;
      }
      this.#counted = weighed;
    }
    this.#length += length;
    this.#weighed = weighed;
    return true;
  }

  /** Takes bytes away that were added. */
  remove(memory: BodyMemory, length: number, weight: number): void {
    this.#length -= length;
    this.#weighed -= length * weight;
    this.#count(memory, this.#length > UNCOUNTED ? Math.min(this.#weighed, this.#counted) : 0);
  }

  /** Counts nothing until there is more, and then all of it again. */
  rest(memory: BodyMemory): void {
    this.#count(memory, 0);
  }

  #count(memory: BodyMemory, bytes: number): void {
    memory.giveBack(this.#counted - bytes);
    this.#counted = bytes;
  }
}
