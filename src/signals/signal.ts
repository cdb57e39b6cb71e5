import { ArganiaError } from "../common/argania-error.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";

/** Called with what happened; awaited before the next receiver runs. */
export type Receiver<Payload> = (payload: Payload) => MaybePromise<void>;

/** A receiver has failed; `cause` is what it threw. Always a 500, even where the cause would be another response. */
export class SignalReceiverError extends ArganiaError {
  readonly code = "ARGANIA_SIGNAL_RECEIVER";
}

/** Names a connection, for `disconnect`. */
export type ReceiverId = number;

/**
 * Tells receivers, one after the other in order of connection, that something has happened.
 *
 * Modelled on Django's signals. Receivers are awaited, so that a slow one delays the request; start work that may
 * take its time without awaiting it. A receiver that throws ends the dispatch: those behind it do not run.
 */
export class Signal<Payload> {
  readonly name: string;
  #receivers: readonly { readonly id: ReceiverId; readonly receive: Receiver<Payload> }[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Adds a receiver behind the others; the same function may be connected twice. */
  connect(receiver: Receiver<Payload>): ReceiverId {
    if (typeof receiver !== "function") {
      throw new TypeError(
        `${this.name}.connect takes a function, not ${receiver === null ? "null" : typeof receiver}.`,
      );
    }
    const id = nextId++;
    // A new array each time: a dispatch under way goes on with the receivers that it began with.
    this.#receivers = [...this.#receivers, { id, receive: receiver }];
    return id;
  }

  /** Takes a receiver off. `false` when it is not (or no longer) connected. */
  disconnect(id: ReceiverId): boolean {
    const kept = this.#receivers.filter((receiver) => receiver.id !== id);
    const found = kept.length !== this.#receivers.length;
    this.#receivers = kept;
    return found;
  }

  /** Runs the receivers that are connected now. Rejects with a `SignalReceiverError` when one throws. */
  async send(payload: Payload): Promise<void> {
    for (const { id, receive } of this.#receivers) {
      try {
        await receive(payload);
      } catch (cause) {
        throw new SignalReceiverError(`Receiver ${id} of the signal "${this.name}" failed.`, { cause });
      }
    }
  }

  /** Takes all receivers off. */
  clearAll(): void {
    this.#receivers = [];
  }

  receiverCount(): number {
    return this.#receivers.length;
  }
}

/** Ids are unique among all signals, so that one given to the wrong signal takes nothing off. */
let nextId: ReceiverId = 1;
