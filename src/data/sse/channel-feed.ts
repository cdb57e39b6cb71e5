import type { SlowClients } from "./backlog.ts";
import type { Broadcast, Subscriber } from "./broadcast.ts";
import type { EventBody, EventFeed } from "./event-body.ts";
import type { EventHistory } from "./event-history.ts";

/** What all clients of a channel share. */
export interface ChannelState {
  readonly broadcast: Broadcast;
  readonly history: EventHistory | null;
  readonly maxBuffered: number;
  readonly slowClients: SlowClients;
  isClosed: boolean;
}

/** A client of a channel. */
export class ChannelFeed implements EventFeed, Subscriber {
  joinedAfter = 0;
  readonly #channel: ChannelState;
  readonly #greeting: string;
  readonly #firstNumber: number;
  #out: EventBody | null = null;

  /**
   * @param greeting sent in front of everything
   * @param firstNumber of the event from which on the history is sent
   */
  constructor(channel: ChannelState, greeting: string, firstNumber: number) {
    this.#channel = channel;
    this.#greeting = greeting;
    this.#firstNumber = firstNumber;
  }

  start(out: EventBody): void {
    const { history, isClosed, broadcast } = this.#channel;
    this.#out = out;
    out.send(this.#greeting + (history === null ? "" : history.from(this.#firstNumber)));
    if (isClosed) {
      out.end();
    } else if (!out.isOver) {
      broadcast.join(this);
    }
  }

  deliver(chunk: Uint8Array): void {
    const { maxBuffered, slowClients } = this.#channel;
    try {
      this.#out?.push(chunk, maxBuffered, slowClients);
    } catch (error) {
      // What is wrong with one connection must not keep the event from the others.
      this.#out?.fail(error);
    }
  }

  end(): void {
    this.#out?.end();
  }

  /** What the client has not taken is kept for it elsewhere. */
  onWritable(): void {}

  release(): void {
    this.#channel.broadcast.subscribers.delete(this);
  }
}
