import { iteratorOf } from "../../common/iterator-of.ts";
import type { EventBody, EventFeed } from "./event-body.ts";
import { type AnyEvent, textOf } from "./event-text.ts";

/** Events one after the other; an array is several at once, as `events.on(emitter, name)` of Node gives them. */
export type EventIterable =
  | AsyncIterable<AnyEvent | readonly AnyEvent[]>
  | Iterable<AnyEvent | readonly AnyEvent[]>
  | ReadableStream<AnyEvent | readonly AnyEvent[]>;

export function isEventIterable(value: unknown): value is EventIterable {
  return (
    typeof value === "object" &&
    value !== null &&
    (value instanceof ReadableStream || Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

/** Takes an event when the client has taken those before it. */
export class IterableFeed implements EventFeed {
  readonly #source: EventIterable;
  #events: Events | null = null;
  #isReleased = false;
  #hasEnded = false;
  #wake: (() => void) | null = null;
  #taken: Promise<void> | null = null;

  constructor(source: EventIterable) {
    this.#source = source;
  }

  start(out: EventBody): void {
    this.#events = eventsOf(this.#source);
    this.#pump(out, this.#events).catch((error: unknown) => {
      if (!this.#isReleased) {
        out.fail(error);
      }
    });
  }

  onWritable(): void {
    const wake = this.#wake;
    this.#wake = null;
    this.#taken = null;
    wake?.();
  }

  /** A generator that waits for something returns when that has come, and nobody waits for it. */
  release(): void {
    if (this.#isReleased) {
      return;
    }
    this.#isReleased = true;
    this.onWritable();
    if (!this.#hasEnded) {
      try {
        this.#events ??= eventsOf(this.#source);
        this.#events.release().catch(() => {});
      } catch {
        // It could not even begin.
      }
    }
  }

  async #pump(out: EventBody, events: Events): Promise<void> {
    while (!this.#isReleased && !this.#hasEnded) {
      await this.#sendNext(out, events);
      if (this.#taken !== null) {
        await this.#taken;
      }
    }
  }

  /**
   * Sends one event, and does not wait for it to be taken: what a function that waits has in its variables is kept, so
   * that each client that does not read would hold its last event three times.
   */
  async #sendNext(out: EventBody, events: Events): Promise<void> {
    const { done, value } = await events.next();
    if (this.#isReleased) {
      return;
    }
    if (done === true) {
      this.#hasEnded = true;
      out.end();
      return;
    }
    const text = textOf(value);
    while (!out.takesMore && !this.#isReleased) {
      // The callback that the events come from sends as well, and may be the first to use what room there is.
      await this.#writable();
    }
    if (!out.send(text) && !this.#isReleased) {
      this.#writable();
    }
  }

  /** Noted at once: the client may take more before anybody waits for that. */
  #writable(): Promise<void> {
    this.#taken = new Promise((resolve) => {
      this.#wake = resolve;
    });
    return this.#taken;
  }
}

/** One way to read streams and iterables of both kinds, and to let go of them. */
interface Events {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  release(): Promise<unknown>;
}

function eventsOf(source: EventIterable): Events {
  if (source instanceof ReadableStream) {
    const reader = source.getReader();
    return { next: () => reader.read(), release: () => reader.cancel() };
  }
  if (Symbol.asyncIterator in source) {
    const iterator = iteratorOf(source);
    return {
      next: () => iterator.next(),
      release: async () => iterator.return?.(undefined),
    };
  }
  const iterator = source[Symbol.iterator]();
  return {
    next: async () => {
      const { done, value } = iterator.next();
      return { done, value: await value };
    },
    release: async () => iterator.return?.(undefined),
  };
}
