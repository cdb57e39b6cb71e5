import { describeValue } from "../../common/describe-value.ts";
import { type HeadersInput, LightHeaders } from "../../common/light-headers.ts";
import type { ResponseLike } from "../../response/into-response.ts";
import { LightResponse } from "../../response/light-response.ts";
import { CallbackFeed, type EventCallback } from "./callback-feed.ts";
import { EventBody, type EventFeed } from "./event-body.ts";
import { EventChannel } from "./event-channel.ts";
import { retryLine } from "./event-fields.ts";
import { EventSubscription } from "./event-subscription.ts";
import { type EventIterable, IterableFeed, isEventIterable } from "./iterable-feed.ts";
import { checkedInterval, checkedSize, refuseUnknown } from "./options.ts";

/** Where the events of a stream come from. */
export type EventStreamSource = EventIterable | EventCallback | EventSubscription;

export interface EventStreamOptions {
  /**
   * After how many milliseconds without an event a comment is sent, so that proxies keep the connection: default
   * 15,000. It may come late by an eighth, and never early. `null` sends none.
   */
  readonly keepAlive?: number | null;
  /** How long clients wait before they connect again, in milliseconds; sent in front of the first event. */
  readonly retry?: number;
  /** Further headers of the response. */
  readonly headers?: HeadersInput;
  /** How many bytes are kept for a client that takes less than a callback sends: default 524,288. Then it is disconnected. */
  readonly maxBuffered?: number;
}

const KEEP_ALIVE = 15_000;
const MAX_BUFFERED = 524_288;

/** Nobody may keep or hold back what is to be seen at once: no cache, and not nginx either. */
const HEADERS = ["content-type", "text/event-stream", "cache-control", "no-store", "x-accel-buffering", "no"];

/** They say what the body is, and that is settled. */
const SETTLED = ["content-type", "content-length", "content-encoding", "transfer-encoding"];

/**
 * A response that is a stream of server-sent events (HTML Standard §9.2). Each one is for one client.
 *
 * The events come from an iterable, which is asked for the next one when the client has taken those before; from a
 * callback, which sends them or returns such an iterable; or from the `subscribe()` of an `EventChannel`. The head is
 * sent at once. When the client goes away, or the server is about to stop, the source is released: a generator gets
 * `return()`, a web stream `cancel()`, and the signal of a callback is aborted. A stream whose source fails is broken
 * off, so that its client connects again; a failure at once, before anything was sent, is a 500.
 *
 * A synchronous callback may return a function, which is called at the end; the stream of an asynchronous one ends
 * with it, unless it returns such a function, too.
 *
 * Throws a `TypeError` or `RangeError` for options that do not hold, and when it is used for a second response.
 *
 * @example
 * ```ts
 * root.subresource("/clock").setHandlerFor(
 *   _get.to(
 *     () =>
 *       new EventStream(({ send }) => {
 *         const timer = setInterval(() => send({ event: "tick", data: Date.now() }), 1_000);
 *         return () => clearInterval(timer);
 *       }),
 *   ),
 * );
 * ```
 */
export class EventStream implements ResponseLike {
  readonly #feed: EventFeed;
  readonly #interval: number | null;
  readonly #prelude: string;
  readonly #headers: string[];
  #isUsed = false;

  constructor(source: EventStreamSource, options: EventStreamOptions = {}) {
    refuseUnknown(options, ["keepAlive", "retry", "headers", "maxBuffered"]);
    const { keepAlive = KEEP_ALIVE, retry, headers, maxBuffered = MAX_BUFFERED } = options;
    this.#interval = keepAlive === null ? null : checkedInterval("keepAlive", keepAlive);
    this.#prelude = retry === undefined ? "" : `${retryLine(checkedSize("retry", retry))}\n`;
    this.#headers = headers === undefined ? [...HEADERS] : withHeaders(headers);
    this.#feed = feedOf(source, checkedSize("maxBuffered", maxBuffered));
  }

  intoResponse(): LightResponse {
    if (this.#isUsed) {
      throw new TypeError(
        "This EventStream has been sent to a client already: make a new one for each request.",
      );
    }
    this.#isUsed = true;
    const body = new EventBody(this.#feed, this.#interval, this.#prelude);
    return LightResponse.withHeaderList(body, this.#headers, 200);
  }
}

function feedOf(source: EventStreamSource, maxBuffered: number): EventFeed {
  if (source instanceof EventSubscription) {
    return EventSubscription.feedOf(source);
  }
  if (typeof source === "function") {
    return new CallbackFeed(source, maxBuffered);
  }
  if (isEventIterable(source)) {
    return new IterableFeed(source);
  }
  if ((source as unknown) instanceof EventChannel) {
    throw new TypeError(
      "An EventStream takes a place in an EventChannel, not the channel: new EventStream(channel.subscribe()).",
    );
  }
  throw new TypeError(
    `An EventStream takes an iterable of events, a callback or a subscription, not ${describeValue(source)}: new EventStream(async function* () { yield { data } }).`,
  );
}

function withHeaders(headers: HeadersInput): string[] {
  const all = new LightHeaders([...HEADERS]);
  for (const [name, value] of LightHeaders.from(headers)) {
    if (SETTLED.includes(name)) {
      throw new TypeError(`The header "${name}" of an event stream is settled: leave it out.`);
    }
    name === "set-cookie" ? all.append(name, value) : all.set(name, value);
  }
  return all.list;
}
