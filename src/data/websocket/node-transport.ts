import { IdleWatch, LOOKS } from "./idle-watch.ts";
import type { WsSocket } from "./load-ws.ts";
import { PongReply } from "./pong-reply.ts";
import type { Sweep } from "./sweep.ts";
import type { Transport, WebSocketClose, WebSocketMessage } from "./web-socket-connection.ts";

/** The parts of a `net.Socket` that are used. */
export interface RawSocket {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly writableLength: number;
  readonly writableNeedDrain: boolean;
  cork(): void;
  uncork(): void;
  on(event: "drain", listener: () => void): unknown;
}

/** Who hears of messages, and of the end. */
export interface TransportEvents {
  receive(message: WebSocketMessage): void;
  end(close: WebSocketClose): void;
  /** Closes from this side. */
  close(code: number, reason: string): unknown;
  /** What those get who wait for a client that has gone. */
  refusal(): Promise<never>;
}

export interface NodeTransportOptions {
  readonly maxBufferedBytes: number;
  /** Whether messages are compressed, which takes its time. */
  readonly isCompressing: boolean;
  /** Looks at connections that say nothing; `null` for never. */
  readonly sweep: Sweep | null;
}

/** How many bytes may wait to be sent before `send` waits, too. */
const HIGH_WATER = 65_536;

/** Bytes of this length are not copied: `send` waits for them instead, so that their array can be used again. */
const LARGE = 16_384;

/** `WebSocket.OPEN`. */
const OPEN = 1;

const DONE: Promise<void> = Promise.resolve();

/** A WebSocket of `ws`. */
export class NodeTransport implements Transport {
  readonly #ws: WsSocket;
  readonly #socket: RawSocket;
  readonly #options: NodeTransportOptions;
  readonly #watch: IdleWatch;
  #events: TransportEvents | undefined = undefined;
  #isPaused = false;
  #isClosing = false;
  #isCorked = false;
  #waiting: (() => void)[] = [];
  /** What the connection was closed with here; the client may not have heard of it. */
  #own: { readonly code: number; readonly reason: string } = { code: 1006, reason: "" };
  readonly #uncork = (): void => {
    this.#isCorked = false;
    this.#socket.uncork();
  };

  constructor(ws: WsSocket, socket: RawSocket, options: NodeTransportOptions) {
    this.#ws = ws;
    this.#socket = socket;
    this.#options = options;
    this.#watch = new IdleWatch({
      bytesRead: () => socket.bytesRead,
      bytesFlushed: () => socket.bytesWritten - socket.writableLength,
      bytesWaiting: () => socket.writableLength,
      isPaused: () => this.#isPaused,
      ping: () => ws.ping(),
      expire: () => {
        options.sweep?.remove(this.#watch);
        this.#events?.close(1001, "idle");
      },
    });
  }

  /** Begins to listen. */
  attach(events: TransportEvents): void {
    const ws = this.#ws;
    this.#events = events;
    ws.on("message", (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    const pongs = new PongReply(ws);
    ws.on("ping", (data: Uint8Array) => {
      if (this.isOpen) {
        this.#cork();
        pongs.answer(data);
      }
    });
    ws.on("error", (error: NodeJS.ErrnoException) => this.#onError(error));
    ws.on("close", (code: number, reason: Buffer) => this.#onClose(code, reason));
    this.#socket.on("drain", () => this.#wake());
    this.#options.sweep?.add(this.#watch);
  }

  get protocol(): string {
    return this.#ws.protocol;
  }

  get isOpen(): boolean {
    return this.#ws.readyState === OPEN;
  }

  send(message: WebSocketMessage): Promise<void> {
    const ws = this.#ws;
    if (ws.readyState !== OPEN) {
      return this.#refuse();
    }
    if (ws.bufferedAmount > this.#options.maxBufferedBytes) {
      this.#own = { code: 1008, reason: "" };
      this.terminate();
      return this.#refuse();
    }
    const isText = typeof message === "string";
    if (this.#options.isCompressing || (!isText && message.byteLength >= LARGE)) {
      return this.#sendWhole(message);
    }
    this.#cork();
    ws.send(isText ? message : Buffer.from(message));
    const socket = this.#socket;
    return socket.writableNeedDrain && socket.writableLength >= HIGH_WATER ? this.#drained() : DONE;
  }

  ping(): void {
    this.#ws.ping();
  }

  close(code: number, reason: string): void {
    this.#isClosing = true;
    this.#own = { code, reason };
    this.#ws.close(code, reason);
    // The client's close frame is behind what it has sent before.
    this.resume();
  }

  terminate(): void {
    this.#isClosing = true;
    this.#ws.terminate();
  }

  pause(): void {
    if (!this.#isClosing) {
      this.#isPaused = true;
      this.#ws.pause();
    }
  }

  resume(): void {
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#watch.reset();
      this.#ws.resume();
    }
  }

  /** All that is sent in answer to one read of the socket goes out in one write. */
  #cork(): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
      process.nextTick(this.#uncork);
    }
  }

  /** Fulfilled when the message has left this process. */
  #sendWhole(message: WebSocketMessage): Promise<void> {
    let settle: (error?: Error | null) => void = () => {};
    this.#ws.send(message, (error) => settle(error));
    if (this.#isCorked) {
      this.#socket.uncork();
      this.#socket.cork();
    }
    if (this.#ws.bufferedAmount === 0) {
      return DONE;
    }
    return handled(
      new Promise((resolve, reject) => {
        settle = (error) => (error ? this.#refuse().catch(reject) : resolve());
      }),
    );
  }

  /** Fulfilled when all that waits has been sent. */
  #drained(): Promise<void> {
    return handled(
      new Promise((resolve, reject) => {
        this.#waiting.push(() => (this.isOpen ? resolve() : this.#refuse().catch(reject)));
      }),
    );
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) {
      resolve();
    }
  }

  #refuse(): Promise<never> {
    return (this.#events as TransportEvents).refusal();
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (!this.#isClosing) {
      this.#events?.receive(
        isBinary ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data.toString(),
      );
    }
  }

  /** The client has broken the protocol or a limit, and `ws` has closed; or the connection is gone. */
  #onError({ code = "" }: NodeJS.ErrnoException): void {
    if (code.startsWith("WS_ERR_")) {
      this.#isClosing = true;
      this.#own = { code: VIOLATIONS[code] ?? 1002, reason: "" };
    }
  }

  #onClose(code: number, reason: Buffer): void {
    this.#options.sweep?.remove(this.#watch);
    this.#isClosing = true;
    const wasClean = code !== 1006;
    this.#events?.end(wasClean ? { code, reason: reason.toString(), wasClean } : { ...this.#own, wasClean });
    this.#wake();
  }
}

/** Nobody has to wait for what is sent: its failure must not end the process. */
function handled(sent: Promise<void>): Promise<void> {
  sent.catch(() => {});
  return sent;
}

/** The close codes that `ws` sends for what is no plain violation of the protocol. */
const VIOLATIONS: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
};

/** How often connections are looked at, in milliseconds. */
export function lookingPeriod(idleTimeout: number): number {
  return Math.max(1, Math.ceil(idleTimeout / LOOKS));
}
