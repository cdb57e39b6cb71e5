import { describeValue } from "../../common/describe-value.ts";
import { MessageQueue } from "./message-queue.ts";
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
 * gets the messages after that: the WebSocket closes when its callback has ended.
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
  #closed: Promise<WebSocketClose> | undefined = undefined;
  #resolveClosed: ((close: WebSocketClose) => void) | undefined = undefined;
  #close: WebSocketClose | undefined = undefined;
  #refusal: Promise<never> | undefined = undefined;

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
      this.#abort = new AbortController();
      if (this.#close !== undefined) {
        this.#abort.abort(closedReason());
      }
    }
    return this.#abort.signal;
  }

  /** The messages, in the order of their arrival. Every loop goes on where the last one stopped. */
  [Symbol.asyncIterator](): AsyncIterableIterator<WebSocketMessage> {
    return this.#messages;
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
    // What answers one of many messages is followed by the other answers.
    return this.#isOpen ? this.#transport.send(checked, !this.#messages.isEmpty) : this.refusal();
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

  /** @internal The transport has a message. Returns how many bytes wait now, about. */
  receive(message: WebSocketMessage): number {
    return this.#messages.push(message);
  }

  /** @internal The transport has ended. What it has received before is still delivered. */
  end(close: WebSocketClose): void {
    this.#isOpen = false;
    this.#close = close;
    this.#messages.end(false);
    this.#abort?.abort(closedReason());
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
}

function closedReason(): DOMException {
  return new DOMException("The WebSocket is closed.", "AbortError");
}

function bytesOf(message: unknown): Uint8Array {
  if (ArrayBuffer.isView(message)) {
    return new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
  }
  if (message instanceof ArrayBuffer) {
    return new Uint8Array(message);
  }
  throw new TypeError(
    `A WebSocket sends text or bytes, not ${describeValue(message)}: write send(JSON.stringify(value)).`,
  );
}

/** RFC 6455 §7.4: 1004 is reserved, 1005, 1006 and 1015 say what was not sent, 1000 to 2999 belong to the protocol. */
export function assertSendable(code: number, reason: string): void {
  const isOwn = code >= 3000 && code <= 4999;
  const isStandard = code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
  if (!Number.isInteger(code) || !(isOwn || isStandard)) {
    throw new RangeError(
      `A WebSocket cannot be closed with ${String(code)}: use 1000, another code of RFC 6455 §7.4.1 that may be sent, or 3000 to 4999.`,
    );
  }
  if (typeof reason !== "string" || new TextEncoder().encode(reason).byteLength > 123) {
    throw new RangeError("The reason of a close is a text of at most 123 bytes (RFC 6455 §5.5).");
  }
}
