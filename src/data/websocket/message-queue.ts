/** What keeps messages from coming. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** How many messages, or bytes of them, may wait before nothing more is read. What has been read by then still comes. */
const MOST_WAITING = 256;
const MOST_BYTES = 262_144;

/**
 * Messages on their way from a socket to a loop. One that is waited for is handed over at once; when too many wait, the
 * flow is paused until the loop has had them all. A loop that is left leaves the rest to the next one.
 */
export class MessageQueue<Message extends string | Uint8Array> implements AsyncIterableIterator<Message> {
  readonly #flow: Flow;
  #messages: (Message | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #isPaused = false;
  #isEnded = false;
  readonly #waiting: ((result: IteratorResult<Message, undefined>) => void)[] = [];

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

  /** @returns how many bytes wait now, about */
  push(message: Message): number {
    if (this.#waiting.length > 0) {
      this.#waiting.shift()?.({ value: message, done: false });
      return 0;
    }
    if (this.#isEnded) {
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
    if (this.#first < this.#messages.length) {
      return Promise.resolve({ value: this.#take(), done: false });
    }
    if (this.#isEnded) {
      return Promise.resolve({ value: undefined, done: true });
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Nothing more comes. What waits is dropped, or still delivered. */
  end(isDropping: boolean): void {
    this.#isEnded = true;
    if (isDropping) {
      this.#clear();
    }
    for (const resolve of this.#waiting.splice(0)) {
      resolve({ value: undefined, done: true });
    }
  }

  #take(): Message {
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

  #clear(): void {
    this.#messages = [];
    this.#first = 0;
    this.#bytes = 0;
  }
}
