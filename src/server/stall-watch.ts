/** How many looks in a row must find that nothing was taken. They are this part of the time limit apart. */
const LOOKS = 4;

interface Look {
  readonly taken: number;
  readonly unchanged: number;
}

/** What may wait for its client. */
export interface StallWatchOptions<T> {
  /** How much the client has taken so far, or `null` when nothing waits for it. */
  readonly taken: (thing: T) => number | null;
  /** The client has taken nothing for the whole time. */
  readonly end: (thing: T) => void;
}

/**
 * Finds what waits for a client that takes nothing. It is asked from time to time and remembers only what waits, so
 * that a response costs nothing; whoever takes a little between two looks has its whole time anew.
 */
export class StallWatch<T> {
  readonly #options: StallWatchOptions<T>;
  #looks = new Map<T, Look>();

  constructor(options: StallWatchOptions<T>) {
    this.#options = options;
  }

  check(things: Iterable<T>): void {
    const { taken: takenOf, end } = this.#options;
    const looks = new Map<T, Look>();
    const stalled: T[] = [];
    for (const thing of things) {
      const taken = takenOf(thing);
      if (taken !== null) {
        const last = this.#looks.get(thing);
        const unchanged = last?.taken === taken ? last.unchanged + 1 : 0;
        unchanged < LOOKS ? looks.set(thing, { taken, unchanged }) : stalled.push(thing);
      }
    }
    this.#looks = looks;
    // Afterwards: the end of one may change what is looked at.
    stalled.forEach(end);
  }
}

/** How often to look, in milliseconds. */
export function lookingPeriod(timeout: number): number {
  return Math.max(1, Math.ceil(timeout / LOOKS));
}
