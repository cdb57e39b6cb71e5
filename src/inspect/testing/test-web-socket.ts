import { describeValue } from "../../common/describe-value.ts";
import { assertSendable } from "../../data/websocket/close-code.ts";
import type { WebSocketClose, WebSocketMessage } from "../../data/websocket/web-socket-connection.ts";
import type { InProcessSocket } from "./in-process-socket.ts";
import { TestClientError } from "./test-client-error.ts";

/**
 * The client's end of a WebSocket of the service. Iterate over it for the messages, or take one after the other with
 * `receive()`.
 *
 * @example
 * ```ts
 * const socket = await client.webSocket("/chat", { protocols: ["chat.v2"] });
 * socket.send("hello");
 * const answer = await socket.receive();
 * const { code } = await socket.close();
 * ```
 */
export class TestWebSocket implements AsyncIterable<WebSocketMessage> {
  /** Fulfilled when the WebSocket has ended, whoever closed it. Never rejected. */
  readonly closed: Promise<WebSocketClose>;
  readonly #socket: InProcessSocket;
  readonly #messages: WebSocketMessage[] = [];
  #waiting: (() => void)[] = [];
  #close: WebSocketClose | undefined = undefined;
  #resolveClosed: (close: WebSocketClose) => void = () => {};
  #isOpen = true;
  #headers: Headers | undefined = undefined;

  /** @internal They come from `client.webSocket(…)`. */
  constructor(
    makeSocket: (end: {
      onMessage(message: WebSocketMessage): void;
      onClose(close: WebSocketClose): void;
    }) => InProcessSocket,
  ) {
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#socket = makeSocket({
      onMessage: (message) => {
        this.#messages.push(message);
        this.#wake();
      },
      onClose: (close) => {
        this.#isOpen = false;
        this.#close = close;
        this.#resolveClosed(close);
        this.#wake();
      },
    });
  }

  /** @internal The handshake has succeeded. */
  open(headers: Headers): this {
    this.#headers = headers;
    return this;
  }

  /** The headers of the handshake's answer. */
  get headers(): Headers {
    return this.#headers as Headers;
  }

  /** The subprotocol that was agreed on; empty when there is none. */
  get protocol(): string {
    return this.headers.get("sec-websocket-protocol") ?? "";
  }

  /** Whether neither side has begun to close, as far as this one knows. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Sends text or bytes. Throws a `TestClientError` (`ARGANIA_TEST_CLIENT`) when the WebSocket is closed, and a `TypeError` for
   * what is no message.
   */
  send(message: WebSocketMessage | ArrayBuffer): void {
    if (!this.#isOpen) {
      throw new TestClientError("The WebSocket is closed: nothing can be sent.");
    }
    if (
      typeof message !== "string" &&
      !(message instanceof Uint8Array) &&
      !(message instanceof ArrayBuffer)
    ) {
      throw new TypeError(
        `A WebSocket sends text or bytes, not ${describeValue(message)}: write send(JSON.stringify(value)).`,
      );
    }
    this.#socket.send(message instanceof ArrayBuffer ? new Uint8Array(message) : message);
  }

  /**
   * The next message. Rejects with a `TestClientError` (`ARGANIA_TEST_CLIENT`) that tells the close code when there is none
   * any more.
   */
  async receive(): Promise<WebSocketMessage> {
    const { done, value } = await this.#next();
    if (done === true) {
      const { code, reason } = this.#close as WebSocketClose;
      throw new TestClientError(
        `The WebSocket was closed with ${code}${reason === "" ? "" : ` (${reason})`} before another message came.`,
      );
    }
    return value;
  }

  /** The messages, in their order. Every loop goes on where the last one stopped; leaving one closes nothing. */
  [Symbol.asyncIterator](): AsyncIterator<WebSocketMessage, undefined> {
    return { next: () => this.#next() };
  }

  /**
   * Begins to close. Throws a `RangeError` for a code that must not be sent.
   *
   * @param code 1000 and others of RFC 6455 §7.4 that may be sent, or 3000 to 4999; without one, the service sees 1005
   * @returns as `closed`
   */
  close(code?: number, reason = ""): Promise<WebSocketClose> {
    assertSendable(code ?? 1000, reason);
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#socket.close(code ?? 1005, reason);
    }
    return this.closed;
  }

  /** Breaks the connection off: the service sees 1006. */
  terminate(): Promise<WebSocketClose> {
    this.#isOpen = false;
    this.#socket.close(1006, "");
    return this.closed;
  }

  /** Takes nothing more until `resume()`, as a client does that is too slow: what the service sends waits. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  async #next(): Promise<IteratorResult<WebSocketMessage, undefined>> {
    while (this.#messages.length === 0 && this.#close === undefined) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const value = this.#messages.shift();
    return value === undefined ? { done: true, value } : { done: false, value };
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) {
      resolve();
    }
  }
}
