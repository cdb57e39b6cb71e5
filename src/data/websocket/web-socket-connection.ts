import { boundToRequest } from "../../common/request-binding.ts";
import { assertSendable } from "./close-code.ts";
import { bytesOf } from "./message-bytes.ts";
import { MessageQueue } from "./message-queue.ts";
import { SENT } from "./sent.ts";
import { WebSocketClosedError } from "./web-socket-errors.ts";

/** A message: text, or bytes. */
export type WebSocketMessage = string | Uint8Array;

/** How a WebSocket ended. */
export interface WebSocketClose {
  /**
   * The close code of the client (RFC 6455 §7.4), 1005 when its close frame had none. When it sent no close frame, the
   * code that the connection was closed with here; 1006 when it just broke off.
   */
  readonly code: number;
  readonly reason: string;
  /** Whether the client took part in the closing. */
  readonly wasClean: boolean;
}

/** What a WebSocket stands on: `ws` on Node, or what the platform has. */
export interface Transport {
  readonly protocol: string;
  /** Whether neither side has begun to close. */
  readonly isOpen: boolean;
  /**
   * Fulfilled when more can be sent.
   *
   * @param isFollowed whether more is likely to be sent in this turn
   */
  send(message: WebSocketMessage, isFollowed: boolean): Promise<void>;
  ping(): void;
  /** Begins the closing handshake. Messages that still come are read over. */
  close(code: number, reason: string): void;
  terminate(): void;
  pause(): void;
  resume(): void;
}

/**
 * The server's end of an open WebSocket.
 *
 * Iterate over it for the messages, one after the other: nothing more is read from a client whose messages wait, and
 * the loop ends when the WebSocket does, whoever closed it. A loop that is left can be followed by another one, which
 * gets the messages after that: the WebSocket closes when its callback has ended. `eachMessage` reads with
 * a callback, which is faster.
 *
 * @example
 * ```ts
 * upgrade(async (socket) => {
 *   for await (const message of socket) await socket.send(message);
 * });
 * ```
 */
export class WebSocketConnection implements AsyncIterable<WebSocketMessage> {
  readonly #transport: Transport;
  readonly #messages: MessageQueue<WebSocketMessage>;
  #isOpen = true;
  #abort: AbortController | undefined = undefined;
  #onEnd: (() => void) | undefined = undefined;
  #closed: Promise<WebSocketClose> | undefined = undefined;
  #resolveClosed: ((close: WebSocketClose) => void) | undefined = undefined;
  #close: WebSocketClose | undefined = undefined;
  #refusal: Promise<never> | undefined = undefined;
  /** What was sent last and waits for the client, as far as somebody reads with a callback. */
  #unsent: Promise<void> | undefined = undefined;
  #fail: (error: unknown) => void = () => {};

  /** @internal Connections come from `upgrade(…)`. */
  constructor(transport: Transport) {
    this.#transport = transport;
    this.#messages = new MessageQueue(transport);
  }

  /** The subprotocol that was agreed on; empty when there is none. */
  get protocol(): string {
    return this.#transport.protocol;
  }

  /** Whether messages can be sent: false as soon as one side has begun to close. */
  get isOpen(): boolean {
    return this.#isOpen && this.#transport.isOpen;
  }

  /** Fulfilled when the connection has ended. Never rejected. */
  get closed(): Promise<WebSocketClose> {
    this.#closed ??=
      this.#close === undefined
        ? new Promise((resolve) => {
            this.#resolveClosed = resolve;
          })
        : Promise.resolve(this.#close);
    return this.#closed;
  }

  /** Aborted when the connection has ended. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController();
      this.#abort = abort;
      this.#onEnd = boundToRequest(() => abort.abort(closedReason()));
      if (this.#close !== undefined) {
        this.#onEnd();
      }
    }
    return this.#abort.signal;
  }

  /** The messages, in the order of their arrival. Every loop goes on where the last one stopped. */
  [Symbol.asyncIterator](): AsyncIterableIterator<WebSocketMessage> {
    return this.#messages;
  }

  /**
   * Hands every message to `callback` as it comes, without the promises that a loop takes for each: the fastest way to
   * read. Fulfilled when the loop would end: with the WebSocket, when all messages have been handed over. (It is not
   * called `forEach`, which linters take for that of an array: there, what a callback returns is a mistake.)
   *
   * A callback that returns a promise gets the next message when that is fulfilled, and never two at once: as in the
   * loop, little more is read from a client whose messages wait. They also wait while more than 64 KiB are on their way
   * to the client, whether the callback returns the promise of `send` or not; returning it costs nothing.
   *
   * When the callback throws or rejects, the error is logged, the WebSocket closes with 1011, and the promise that was
   * returned rejects; one that is not awaited is not reported a second time.
   *
   * Throws a `WebSocketReadingError` (`ARGANIA_WEBSOCKET_READING`) while a loop waits for messages, or another callback
   * has them; a loop that goes on beside it throws the same. After a loop that was left it may be used, and gets the
   * messages after that. Throws a `TypeError` for what is no function.
   *
   * @example
   * ```ts
   * upgrade((socket) => socket.eachMessage((message) => socket.send(message)));
   * ```
   */
  eachMessage(callback: (message: WebSocketMessage) => unknown): Promise<void> {
    if (typeof callback !== "function") {
      throw new TypeError("eachMessage takes a function: write socket.eachMessage((message) => { … }).");
    }
    return this.#messages.deliverTo(callback, {
      unsent: () => this.#takeUnsent(),
      fail: (error) => this.#fail(error),
    });
  }

  /**
   * Sends a message: text for a string, else binary. Fulfilled when more can be sent, at once or when a slow client
   * has taken enough: await it, and a client cannot make the server's memory grow.
   *
   * Rejects with a `WebSocketClosedError` (`ARGANIA_WEBSOCKET_CLOSED`) when the WebSocket is closed; one that is not
   * awaited is not reported. Throws a `TypeError` for what is no message.
   */
  send(message: WebSocketMessage | ArrayBuffer | ArrayBufferView): Promise<void> {
    const checked = typeof message === "string" || message instanceof Uint8Array ? message : bytesOf(message);
    if (!this.#isOpen) {
      return this.refusal();
    }
    // What answers one of many messages is followed by the other answers.
    const sent = this.#transport.send(checked, !this.#messages.isEmpty);
    if (sent !== SENT) {
      this.#unsent = sent;
    }
    return sent;
  }

  /** Sends a ping. That is done anyway when nothing has come for a while: see `idleTimeout`. */
  ping(): void {
    if (this.#isOpen) {
      this.#transport.ping();
    }
  }

  /**
   * Begins to close; the loop over the messages ends. Does nothing when that has begun already.
   *
   * Throws a `RangeError` for a code that must not be sent, and for a reason that does not fit.
   *
   * @param code 1000 (done, the default), 1001 (going away), 1002, 1003, 1007 to 1014 (RFC 6455 §7.4.1), or one of the
   * application's own from 3000 to 4999
   * @param reason for the client's program, at most 123 bytes of UTF-8
   * @returns as `closed`
   */
  close(code = 1000, reason = ""): Promise<WebSocketClose> {
    assertSendable(code, reason);
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#transport.close(code, reason);
      this.#messages.end(true);
    }
    return this.closed;
  }

  /** Ends the connection without a word. */
  terminate(): void {
    this.#isOpen = false;
    this.#transport.terminate();
    this.#messages.end(true);
  }

  /** @internal Takes the failure of a callback of `eachMessage`. */
  onFailure(fail: (error: unknown) => void): void {
    this.#fail = fail;
  }

  /** @internal Whether a callback of `eachMessage` gets the messages. */
  get isDelivering(): boolean {
    return this.#messages.isDelivering;
  }

  /** @internal The transport has a message. Returns how many bytes wait now, about. */
  receive(message: WebSocketMessage): number {
    return this.#messages.push(message);
  }

  /** @internal The transport has ended. What it has received before is still delivered. */
  end(close: WebSocketClose): void {
    this.#isOpen = false;
    this.#close = close;
    this.#messages.end(false);
    this.#onEnd?.();
    this.#resolveClosed?.(close);
  }

  /** @internal What those get who wait to send, or want to. */
  refusal(): Promise<never> {
    if (this.#refusal === undefined) {
      this.#refusal = Promise.reject(new WebSocketClosedError());
      // Nobody has to wait for what is sent: that must not end the process.
      this.#refusal.catch(() => {});
    }
    return this.#refusal;
  }

  #takeUnsent(): Promise<void> | undefined {
    const unsent = this.#unsent;
    this.#unsent = undefined;
    // What could not be sent is not for whoever reads: the WebSocket has ended, or will.
    return unsent?.catch(() => {});
  }
}

function closedReason(): DOMException {
  return new DOMException("The WebSocket is closed.", "AbortError");
}
