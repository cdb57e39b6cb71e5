import type { EventFeed } from "./event-body.ts";

/** A place in an `EventChannel`: give it to an `EventStream`. Until that is sent it takes nothing. */
export class EventSubscription {
  readonly #feed: EventFeed;

  /** @internal Subscriptions come from a channel. */
  constructor(feed: EventFeed) {
    this.#feed = feed;
  }

  /** @internal */
  static feedOf(subscription: EventSubscription): EventFeed {
    return subscription.#feed;
  }
}
