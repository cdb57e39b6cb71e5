import { EventParser, type TestEvent } from "./event-parser.ts";
import { shownAnswer, TestClientError } from "./test-client-error.ts";

const DONE = { done: true, value: undefined } as const;

/**
 * A stream of server-sent events. Iterate over it; the loop ends with the stream, and leaving the loop closes it. It does
 * not connect again by itself: open another one with `lastEventId`.
 *
 * An answer that is no event stream fails the first `next()` with a `TestClientError` (`ARGANIA_TEST_CLIENT`); a 204, with
 * which a service tells clients to stay away, is an empty stream.
 *
 * @example
 * ```ts
 * const events = client.events("/news");
 * const [first, second] = await events.take(2);
 * await events.close();
 * ```
 */
export class TestEvents implements AsyncIterableIterator<TestEvent> {
  /** The answer, as soon as its head is there; its body belongs to the events. */
  readonly response: Promise<Response>;
  readonly #label: string;
  readonly #parser: EventParser;
  readonly #ready: TestEvent[] = [];
  #reader: ReadableStreamDefaultReader<Uint8Array> | null | undefined = undefined;
  #abort: () => void;
  #isClosed = false;

  /** @internal Streams come from `client.events(…)`. */
  constructor(response: Promise<Response>, label: string, lastEventId: string, abort: () => void) {
    this.response = response;
    this.#label = label;
    this.#parser = new EventParser(lastEventId);
    this.#abort = abort;
    // Whoever never asks for an event need not hear of it.
    response.catch(() => {});
  }

  /** What a client would send as `Last-Event-ID` when it connects again. */
  get lastEventId(): string {
    return this.#parser.lastEventId;
  }

  /** After how many milliseconds a client would connect again, if the stream has said so. */
  get retry(): number | undefined {
    return this.#parser.retry;
  }

  async next(): Promise<IteratorResult<TestEvent, undefined>> {
    this.#reader ??= this.#isClosed ? null : await this.#open();
    while (this.#ready.length === 0) {
      const chunk = await this.#read();
      if (chunk === undefined) {
        return DONE;
      }
      this.#ready.push(...this.#parser.read(chunk));
    }
    return { done: false, value: this.#ready.shift() as TestEvent };
  }

  /** The next `count` events, or fewer when the stream ends before. */
  async take(count: number): Promise<TestEvent[]> {
    const events: TestEvent[] = [];
    while (events.length < count) {
      const { done, value } = await this.next();
      if (done === true) {
        break;
      }
      events.push(value);
    }
    return events;
  }

  /** Ends the stream from this side: the service sees its client go away. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ready.length = 0;
    this.#abort();
    await this.#reader?.cancel().catch(() => {});
  }

  async return(): Promise<IteratorResult<TestEvent, undefined>> {
    await this.close();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #read(): Promise<Uint8Array | undefined> {
    try {
      return (await this.#reader?.read())?.value;
    } catch (error) {
      if (this.#isClosed) {
        return undefined;
      }
      throw error;
    }
  }

  async #open(): Promise<ReadableStreamDefaultReader<Uint8Array> | null> {
    const response = await this.response.catch((error: unknown) => {
      if (this.#isClosed) {
        return null;
      }
      throw error;
    });
    if (response === null || response.status === 204) {
      return null;
    }
    if (
      response.status !== 200 ||
      !/^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "")
    ) {
      this.#isClosed = true;
      const answer = shownAnswer(this.#label, response, await response.text());
      throw new TestClientError(`${answer}\nThat is no stream of server-sent events.`, { response });
    }
    return response.body?.getReader() ?? null;
  }
}
