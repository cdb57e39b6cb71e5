/** A worker that has served this long has started well, in milliseconds. */
export const STEADY: number = 30_000;

/** How many workers in a row may end before that until no other one takes their place. */
export const MOST_QUICK_ENDS = 5;

/** How long the place of a worker that ended stays empty at least, in milliseconds. */
const FIRST_WAIT = 100;

/** Says when a worker that ended is replaced. Each place has its own policy: others may do well meanwhile. */
export class RestartPolicy {
  #quickEnds = 0;

  /**
   * How long to wait for the next worker, in milliseconds, or `null` when it is enough.
   *
   * @param servedFor how long the one that ended has served, in milliseconds
   */
  waitAfter(servedFor: number): number | null {
    this.#quickEnds = servedFor < STEADY ? this.#quickEnds + 1 : 0;
    return this.#quickEnds < MOST_QUICK_ENDS ? FIRST_WAIT * 2 ** this.#quickEnds : null;
  }
}
