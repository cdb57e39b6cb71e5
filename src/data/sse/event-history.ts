/** The last events of a channel, for clients that connect again. */
export class EventHistory {
  readonly #capacity: number;
  /** A ring: the event with the number n is at n modulo capacity. */
  readonly #events: { readonly id: string; readonly text: string }[] = [];
  readonly #numbers = new Map<string, number>();
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(id: string, text: string): void {
    const place = this.#next % this.#capacity;
    const oldest = this.#events[place];
    // An id that came again since then belongs to the newer event.
    if (oldest !== undefined && this.#numbers.get(oldest.id) === this.#next - this.#capacity) {
      this.#numbers.delete(oldest.id);
    }
    this.#events[place] = { id, text };
    this.#numbers.set(id, this.#next);
    this.#next++;
  }

  /** The number that the next event will have. */
  get next(): number {
    return this.#next;
  }

  /** The number behind that of the event with this id; 0 if it is too old to be known. */
  numberAfter(id: string): number {
    return (this.#numbers.get(id) ?? -1) + 1;
  }

  /** The events from this number on, as far as they are still there. */
  from(first: number): string {
    let text = "";
    for (let number = Math.max(first, this.#next - this.#capacity); number < this.#next; number++) {
      text += this.#events[number % this.#capacity]?.text;
    }
    return text;
  }
}
