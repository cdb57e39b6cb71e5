import { bytesOf } from "./event-text.ts";

/** Who is sent what a channel publishes. */
export interface Subscriber {
  /** The number of the last batch that is not for it. */
  joinedAfter: number;
  deliver(chunk: Uint8Array): void;
  end(): void;
}

interface Batch {
  readonly number: number;
  text: string;
}

/** How many subscribers are written to before something else may run, such as an answer to another request. */
const AT_ONCE = 500;

/**
 * Sends each text to all subscribers, encoded once. What is published in one turn is sent in one piece, soon after;
 * nobody is sent what was published before he joined.
 */
export class Broadcast {
  readonly subscribers: Set<Subscriber> = new Set();
  readonly #batches: Batch[] = [];
  #lastNumber = 0;
  /** Whether what comes next belongs to a batch of its own. */
  #isSealed = true;
  #deliveries: Generator<void, void> | null = null;

  join(subscriber: Subscriber): void {
    this.#isSealed = true;
    subscriber.joinedAfter = this.#lastNumber;
    this.subscribers.add(subscriber);
  }

  send(text: string): void {
    if (this.subscribers.size === 0) {
      return;
    }
    if (this.#isSealed) {
      this.#isSealed = false;
      this.#batches.push({ number: ++this.#lastNumber, text });
    } else {
      (this.#batches.at(-1) as Batch).text += text;
    }
    if (this.#deliveries === null) {
      this.#deliveries = this.#deliver();
      queueMicrotask(() => this.#step());
    }
  }

  /** Sends what has not been sent yet, now. */
  flush(): void {
    while (this.#deliveries?.next().done === false) {
      // Without a pause.
    }
    this.#deliveries = null;
  }

  #step(): void {
    if (this.#deliveries?.next().done === false) {
      later(() => this.#step());
    } else {
      this.#deliveries = null;
    }
  }

  *#deliver(): Generator<void, void> {
    let count = 0;
    for (let batch = this.#batches.shift(); batch !== undefined; batch = this.#batches.shift()) {
      this.#isSealed ||= this.#batches.length === 0;
      const chunk = bytesOf(batch.text);
      for (const subscriber of this.subscribers) {
        if (subscriber.joinedAfter < batch.number) {
          subscriber.deliver(chunk);
          if (++count % AT_ONCE === 0) {
            yield;
          }
        }
      }
    }
  }
}

/** In another turn; not every runtime has `setImmediate`. */
function later(callback: () => void): void {
  if (typeof setImmediate === "function") {
    setImmediate(callback);
  } else {
    setTimeout(callback, 0);
  }
}
