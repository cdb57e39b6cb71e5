import type { Http2ServerResponse, Http2Session } from "node:http2";
import type { ServerLimits } from "./server-limits.ts";

/** How many times `maxConcurrentStreams` one connection may have abandoned. */
const FACTOR = 4;

/** How long a handler counts when it may take for ever, in milliseconds. */
const LONGEST = 60_000;

/**
 * Streams that their client reset before they were answered (rapid reset). They are not open any more, so that
 * `maxConcurrentStreams` does not count them, but their handlers may still be running. A connection that has too
 * many of them is told to go away; what it has under way is still answered.
 */
export class AbandonedStreams {
  readonly #limit: number;
  readonly #longest: number;
  readonly #counts = new WeakMap<Http2Session, number>();

  constructor({ maxConcurrentStreams, handlerTimeout }: ServerLimits) {
    this.#limit = maxConcurrentStreams === 0 ? Number.POSITIVE_INFINITY : FACTOR * maxConcurrentStreams;
    this.#longest = handlerTimeout === 0 ? LONGEST : handlerTimeout;
  }

  watch(response: Http2ServerResponse): void {
    const { stream } = response;
    const { session } = stream;
    stream.once("close", () => {
      if (!stream.headersSent && session !== undefined && !session.destroyed) {
        this.#add(session, response);
      }
    });
  }

  #add(session: Http2Session, response: Http2ServerResponse): void {
    this.#change(session, 1);
    let isOver = false;
    const settle = () => {
      if (!isOver) {
        isOver = true;
        clearTimeout(timer);
        this.#change(session, -1);
      }
    };
    // A handler may wait for ever.
    const timer = setTimeout(settle, this.#longest);
    timer.unref();
    // Its late answer goes nowhere, and tells that it has ended; so does its giving up.
    response.writeHead = response.end = () => {
      settle();
      return response;
    };
  }

  #change(session: Http2Session, by: number): void {
    const count = (this.#counts.get(session) ?? 0) + by;
    this.#counts.set(session, count);
    if (by > 0 && count > this.#limit && !session.closed && !session.destroyed) {
      session.goaway(ENHANCE_YOUR_CALM);
      session.close();
    }
  }
}

/** RFC 9113 §7. */
const ENHANCE_YOUR_CALM = 11;
