import type { SlowClients } from "./backlog.ts";
import { Broadcast } from "./broadcast.ts";
import { ChannelFeed, type ChannelState } from "./channel-feed.ts";
import { EventHistory } from "./event-history.ts";
import { EventSubscription } from "./event-subscription.ts";
import { type AnyEvent, identified, textOf } from "./event-text.ts";
import { checkedSize, refuseUnknown } from "./options.ts";

export interface EventChannelOptions {
  /**
   * How many events are kept for clients that connect again and say which one was their last. Those that have no id
   * are given one. Default 0, none.
   */
  readonly history?: number;
  /** How many bytes are kept for a client that takes less than it is sent: default 524,288. */
  readonly maxBuffered?: number;
  /**
   * What happens to such a client after that. `"disconnect"`, the default: it connects again, and what it missed comes from the history.
   * `"skip"`: it misses the oldest of what was kept.
   */
  readonly slowClients?: SlowClients;
}

export interface SubscribeOptions {
  /** The last event that the client has: what came after it is sent first, or the whole history if it is too old. */
  readonly lastEventId?: string | undefined;
  /** Sent in front of everything, as the state of things on which later events build. */
  readonly first?: AnyEvent | readonly AnyEvent[] | undefined;
}

const MAX_BUFFERED = 524_288;

/**
 * Sends the same events to many clients: each is made into bytes once, whatever their number, and a client that takes
 * nothing holds up nobody else.
 *
 * Throws a `TypeError` or `RangeError` for options that do not hold.
 *
 * @example
 * ```ts
 * const news = new EventChannel({ history: 100 });
 * root.subresource("/news").setHandlerFor(
 *   _get.to([lastEventId], (id) => new EventStream(news.subscribe({ lastEventId: id }))),
 * );
 * news.publish({ event: "headline", data: "Lamps are out of stock." });
 * ```
 */
export class EventChannel {
  readonly #state: ChannelState;
  #origin: string | undefined = undefined;
  #count = 0;

  constructor(options: EventChannelOptions = {}) {
    refuseUnknown(options, ["history", "maxBuffered", "slowClients"]);
    const { history = 0, maxBuffered = MAX_BUFFERED, slowClients = "disconnect" } = options;
    if (slowClients !== "disconnect" && slowClients !== "skip") {
      throw new TypeError(`slowClients is "disconnect" or "skip", not ${JSON.stringify(slowClients)}.`);
    }
    this.#state = {
      broadcast: new Broadcast(),
      history: checkedSize("history", history) === 0 ? null : new EventHistory(history),
      maxBuffered: checkedSize("maxBuffered", maxBuffered),
      slowClients,
      isClosed: false,
    };
  }

  /** How many clients there are. */
  get size(): number {
    return this.#state.broadcast.subscribers.size;
  }

  /**
   * Sends an event to all clients that there are now. What is published in one turn goes in one piece. A channel that
   * is closed sends nothing.
   *
   * Throws a `ServerEventError` (`ARGANIA_SERVER_EVENT`) for what is no event.
   */
  publish(event: AnyEvent): void {
    const { history, broadcast } = this.#state;
    if (history === null) {
      broadcast.send(textOf(event));
    } else {
      const { id, text } = identified(event, () => this.#makeId());
      history.add(id, text);
      broadcast.send(text);
    }
  }

  /**
   * A place for one more client, which is taken when the stream that it is given to begins. What is published before
   * that comes from the history, if there is one.
   *
   * Throws a `ServerEventError` (`ARGANIA_SERVER_EVENT`) when `first` is no event.
   */
  subscribe(options: SubscribeOptions = {}): EventSubscription {
    refuseUnknown(options, ["lastEventId", "first"]);
    const { lastEventId, first } = options;
    const greeting = first === undefined ? "" : textOf(first);
    const { history } = this.#state;
    const number = lastEventId === undefined ? history?.next : history?.numberAfter(lastEventId);
    return new EventSubscription(new ChannelFeed(this.#state, greeting, number ?? 0));
  }

  /** Ends the streams of all clients, once they have what was published, and from now on every new one at once. */
  close(): void {
    const { broadcast } = this.#state;
    this.#state.isClosed = true;
    broadcast.flush();
    for (const subscriber of [...broadcast.subscribers]) {
      subscriber.end();
    }
  }

  /** Ids of another run of the program, or of another process, must not be taken for ours. */
  #makeId(): string {
    // Not earlier: some runtimes have nothing random before their first request.
    this.#origin ??= crypto.randomUUID().slice(0, 8);
    this.#count++;
    return `${this.#origin}-${this.#count}`;
  }
}
