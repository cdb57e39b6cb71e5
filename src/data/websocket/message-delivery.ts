import { isPromiseLike } from "../../common/maybe-promise.ts";
import { boundToRequest } from "../../common/request-binding.ts";
import { SENT } from "./sent.ts";

/** Where messages wait that come while the callback has one. */
export interface WaitingMessages<Message> {
  /** Whether none waits, and more may come. */
  readonly isIdle: boolean;
  readonly isEnded: boolean;
  /** The next one that waits, or `undefined`. */
  take(): Message | undefined;
}

/** Whoever reads with a callback. */
export interface DeliveryOwner {
  /** What was sent and waits for a slow client, if anything does; never rejected. */
  unsent(): Promise<void> | undefined;
  /** The callback has failed. */
  fail(error: unknown): void;
}

/**
 * Hands messages to a callback, as they come and never two at once: no promise is made unless the callback makes one.
 * The next message waits for that, and for the client to take what was sent to it: one that does not read is not read
 * from, whether the callback returns the promise of its `send` or not.
 */
export class MessageDelivery<Message> {
  /** Fulfilled when all messages have been delivered, rejected when the callback failed. */
  readonly finished: Promise<void>;
  readonly #callback: (message: Message) => unknown;
  readonly #messages: WaitingMessages<Message>;
  readonly #owner: DeliveryOwner;
  #isBusy = true;
  #isOver = false;
  #finish: () => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(
    callback: (message: Message) => unknown,
    messages: WaitingMessages<Message>,
    owner: DeliveryOwner,
  ) {
    // It is called by events of the socket, and a loop goes on in the context of its request, too.
    this.#callback = boundToRequest(callback);
    this.#messages = messages;
    this.#owner = owner;
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#reject = reject;
    });
    // The WebSocket fails with its callback: this promise need not be looked at.
    this.finished.catch(() => {});
    // What waits already comes when the caller has what `eachMessage` returns.
    queueMicrotask(this.#goOn);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the callback can have a message now. */
  get isReady(): boolean {
    return !this.#isBusy;
  }

  deliver(message: Message): void {
    this.#isBusy = true;
    if (!this.#handOver(message)) {
      return;
    }
    this.#isBusy = false;
    if (!this.#messages.isIdle) {
      // The callback has closed the WebSocket, or made the other end send something.
      this.#goOn();
    }
  }

  /** Nothing more comes but what waits. */
  end(): void {
    if (!this.#isBusy) {
      this.#goOn();
    }
  }

  readonly #goOn = (): void => {
    this.#isBusy = true;
    for (;;) {
      const message = this.#messages.take();
      if (message === undefined) {
        break;
      }
      if (!this.#handOver(message)) {
        return;
      }
    }
    this.#isBusy = false;
    if (this.#messages.isEnded) {
      this.#isOver = true;
      this.#finish();
    }
  };

  /** What the callback has returned is fulfilled. */
  readonly #settled = (): void => {
    const unsent = this.#owner.unsent();
    if (unsent === undefined) {
      this.#goOn();
    } else {
      unsent.then(this.#goOn);
    }
  };

  readonly #fail = (error: unknown): void => {
    this.#isOver = true;
    this.#reject(error);
    this.#owner.fail(error);
  };

  /** Returns whether the next message can follow at once. */
  #handOver(message: Message): boolean {
    let pending: PromiseLike<unknown> | undefined;
    try {
      const result = this.#callback(message);
      pending = result !== undefined && result !== SENT && isPromiseLike(result) ? result : undefined;
    } catch (error) {
      this.#fail(error);
      return false;
    }
    if (pending !== undefined) {
      Promise.resolve(pending).then(this.#settled, this.#fail);
      return false;
    }
    const unsent = this.#owner.unsent();
    if (unsent !== undefined) {
      unsent.then(this.#goOn);
      return false;
    }
    return true;
  }
}
