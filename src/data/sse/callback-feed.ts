import { isPromiseLike } from "../../common/maybe-promise.ts";
import type { EventBody, EventFeed } from "./event-body.ts";
import { type AnyEvent, bytesOf, textOf } from "./event-text.ts";
import { type EventIterable, IterableFeed, isEventIterable } from "./iterable-feed.ts";

/** Where a callback sends its events. Its functions may be passed on without it. */
export interface EventSink {
  /**
   * Sends an event, or several. Fulfilled when the client takes more, so that a producer that awaits it is no faster
   * than its client. One that does not has the events kept for it, up to `maxBuffered`; beyond that its client is
   * disconnected.
   *
   * Rejects with an `AbortError` when the stream has ended, which one may ignore, and with a `ServerEventError`
   * (`ARGANIA_SERVER_EVENT`) for what is no event.
   */
  readonly send: (event: AnyEvent | readonly AnyEvent[]) => Promise<void>;
  /** Ends the stream. The client connects again, unless it is answered 204 then (HTML Standard §9.2.3). */
  readonly close: () => void;
  /** Aborted when the stream has ended: closed, failed, its client gone, or the server about to stop. */
  readonly signal: AbortSignal;
}

/** What a callback may leave: events, something to be done at the end, or nothing. */
export type EventCallbackResult = EventIterable | (() => unknown) | void;

/** Sends events, or returns them. */
export type EventCallback = (sink: EventSink) => EventCallbackResult | Promise<EventCallbackResult>;

/** Calls a function for each stream, which sends what it likes. */
export class CallbackFeed implements EventFeed {
  readonly #callback: EventCallback;
  readonly #maxBuffered: number;
  #abort: AbortController | null = null;
  #isReleased = false;
  #out: EventBody | null = null;
  #events: IterableFeed | null = null;
  #cleanUp: (() => unknown) | null = null;
  #taken: PromiseWithEnds | null = null;

  constructor(callback: EventCallback, maxBuffered: number) {
    this.#callback = callback;
    this.#maxBuffered = maxBuffered;
  }

  start(out: EventBody): void {
    this.#out = out;
    const result = this.#callback(this.#sinkOf(out));
    if (isPromiseLike(result)) {
      Promise.resolve(result).then(
        (settled) => {
          // It has been awaited to its end, so that nothing is to come.
          this.#take(settled, out) || out.end();
        },
        (error: unknown) => out.fail(error),
      );
    } else {
      this.#take(result, out);
    }
  }

  onWritable(): void {
    this.#taken?.resolve();
    this.#taken = null;
    this.#events?.onWritable();
  }

  release(): void {
    this.#isReleased = true;
    this.#abort?.abort(ended());
    this.#taken?.reject(ended());
    this.#taken = null;
    this.#events?.release();
    if (this.#cleanUp !== null) {
      run(this.#cleanUp);
      this.#cleanUp = null;
    }
  }

  #sinkOf(out: EventBody): EventSink {
    const signalOf = () => this.#signal();
    return {
      send: this.#send,
      close: () => out.end(),
      get signal() {
        return signalOf();
      },
    };
  }

  #signal(): AbortSignal {
    if (this.#abort === null) {
      this.#abort = new AbortController();
      if (this.#isReleased) {
        this.#abort.abort(ended());
      }
    }
    return this.#abort.signal;
  }

  readonly #send = (event: AnyEvent | readonly AnyEvent[]): Promise<void> => {
    const out = this.#out as EventBody;
    if (!out.isOver) {
      try {
        out.push(bytesOf(textOf(event)), this.#maxBuffered, "disconnect");
      } catch (error) {
        return Promise.reject(error);
      }
    }
    if (out.isOver) {
      return handled(Promise.reject(ended()));
    }
    if (out.takesMore) {
      return TAKEN;
    }
    this.#taken ??= promiseWithEnds();
    return this.#taken.promise;
  };

  /** Whether the stream goes on with what the callback has left. */
  #take(result: EventCallbackResult, out: EventBody): boolean {
    if (isEventIterable(result)) {
      this.#events = new IterableFeed(result);
      out.isOver ? this.#events.release() : this.#events.start(out);
      return true;
    }
    if (typeof result === "function") {
      this.#cleanUp = result;
      if (out.isOver) {
        this.release();
      }
      return true;
    }
    return false;
  }
}

const TAKEN: Promise<void> = Promise.resolve();

interface PromiseWithEnds {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

function promiseWithEnds(): PromiseWithEnds {
  let [resolve, reject]: [() => void, (reason: unknown) => void] = [() => {}, () => {}];
  const promise = handled(
    new Promise<void>((onResolve, onReject) => {
      [resolve, reject] = [onResolve, onReject];
    }),
  );
  return { promise, resolve, reject };
}

/** Whoever does not wait for it does not want to know how it ends either. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}

function ended(): DOMException {
  return new DOMException("The event stream has ended.", "AbortError");
}

/** What is thrown here has no request to go to any more: it is reported as a rejection that nobody handles. */
async function run(cleanUp: () => unknown): Promise<void> {
  await cleanUp();
}
