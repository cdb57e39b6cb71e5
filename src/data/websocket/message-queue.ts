import { type DeliveryOwner, MessageDelivery } from "./message-delivery.ts";
import { WebSocketReadingError } from "./web-socket-errors.ts";

/** What keeps messages from coming. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** How many messages, or bytes of them, may wait before nothing more is read. What has been read by then still comes. */
const MOST_WAITING = 256;
const MOST_BYTES = 262_144;

type Resolve<Message> = (result: IteratorResult<Message, undefined>) => void;

/**
 * Messages on their way from a socket to a loop or a callback. One that is waited for is handed over at once; when too
 * many wait, the flow is paused until they have all been taken. A loop that is left leaves the rest to the next one, or
 * to a callback.
 */
export class MessageQueue<Message extends string | Uint8Array> implements AsyncIterableIterator<Message> {
  readonly #flow: Flow;
  #messages: (Message | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #isPaused = false;
  #isEnded = false;
  /** A loop waits once; only who calls `next()` by hand makes more of them. */
  #waiting: Resolve<Message> | undefined = undefined;
  readonly #moreWaiting: Resolve<Message>[] = [];
  #delivery: MessageDelivery<Message> | undefined = undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Message> {
    return this;
  }

  /** Whether none waits to be taken. */
  get isEmpty(): boolean {
    return this.#first === this.#messages.length;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get isIdle(): boolean {
    return this.#first === this.#messages.length && !this.#isEnded;
  }

  /** Whether a callback gets the messages. */
  get isDelivering(): boolean {
    return this.#delivery !== undefined && !this.#delivery.isOver;
  }

  /** @returns how many bytes wait now, about */
  push(message: Message): number {
    if (this.#waiting !== undefined) {
      this.#answer({ value: message, done: false });
      return 0;
    }
    if (this.#isEnded) {
      return 0;
    }
    if (this.#delivery?.isReady === true) {
      this.#delivery.deliver(message);
      return 0;
    }
    this.#messages.push(message);
    this.#bytes += message.length;
    if (!this.#isPaused && (this.#messages.length >= MOST_WAITING || this.#bytes >= MOST_BYTES)) {
      this.#isPaused = true;
      this.#flow.pause();
    }
    return this.#bytes;
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    if (this.#delivery !== undefined && !this.#delivery.isOver) {
      return Promise.reject(new WebSocketReadingError(LOOP_BESIDE));
    }
    if (this.#first < this.#messages.length) {
      return Promise.resolve({ value: this.take() as Message, done: false });
    }
    return this.#isEnded ? Promise.resolve({ value: undefined, done: true }) : new Promise(this.#wait);
  }

  /**
   * Hands the messages to a callback from now on. Throws a `WebSocketReadingError` (`ARGANIA_WEBSOCKET_READING`) while
   * something else reads them.
   */
  deliverTo(callback: (message: Message) => unknown, owner: DeliveryOwner): Promise<void> {
    if (this.#waiting !== undefined || this.isDelivering) {
      throw new WebSocketReadingError(this.isDelivering ? CALLBACK_TWICE : CALLBACK_BESIDE);
    }
    this.#delivery = new MessageDelivery(callback, this, owner);
    return this.#delivery.finished;
  }

  /** Nothing more comes. What waits is dropped, or still delivered. */
  end(isDropping: boolean): void {
    this.#isEnded = true;
    if (isDropping) {
      this.#clear();
    }
    while (this.#waiting !== undefined) {
      this.#answer({ value: undefined, done: true });
    }
    this.#delivery?.end();
  }

  /** The first of those that wait. The flow goes on when that was the last one. */
  take(): Message | undefined {
    if (this.#first === this.#messages.length) {
      return undefined;
    }
    const message = this.#messages[this.#first] as Message;
    this.#messages[this.#first] = undefined;
    this.#bytes -= message.length;
    this.#first++;
    if (this.#first === this.#messages.length) {
      this.#clear();
      if (this.#isPaused) {
        this.#isPaused = false;
        this.#flow.resume();
      }
    }
    return message;
  }

  readonly #wait = (resolve: Resolve<Message>): void => {
    if (this.#waiting === undefined) {
      this.#waiting = resolve;
    } else {
      this.#moreWaiting.push(resolve);
    }
  };

  #answer(result: IteratorResult<Message, undefined>): void {
    const resolve = this.#waiting;
    this.#waiting = this.#moreWaiting.length === 0 ? undefined : this.#moreWaiting.shift();
    resolve?.(result);
  }

  #clear(): void {
    this.#messages = [];
    this.#first = 0;
    this.#bytes = 0;
  }
}

const LOOP_BESIDE =
  "eachMessage has the messages of this WebSocket: for await cannot read them as well. Use one of the two, or leave the loop first.";
const CALLBACK_BESIDE =
  "A loop waits for the messages of this WebSocket: eachMessage cannot have them as well. Use one of the two, or leave the loop first.";
const CALLBACK_TWICE =
  "eachMessage has the messages of this WebSocket already: call it once, with a callback that does it all.";
