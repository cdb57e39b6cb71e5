import type { EventFeed } from "./event-body.ts";

/** A place in an `EventChannel`: give it to an `EventStream`. Until that is sent it takes nothing. */
export class EventSubscription {
  readonly #feed: EventFeed;
  #isTaken = false;

  /** @internal Subscriptions come from a channel. */
  constructor(feed: EventFeed) {
    this.#feed = feed;
  }

  /** @internal Throws a `TypeError` when it has been asked for already. */
  static feedOf(subscription: EventSubscription): EventFeed {
    if (subscription.#isTaken) {
      throw new TypeError("This subscription has its EventStream already: call subscribe() for each client.");
    }
    subscription.#isTaken = true;
    return subscription.#feed;
  }
}
