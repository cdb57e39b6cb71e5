import { IdleWatch, LOOKS } from "./idle-watch.ts";
import type { WsSocket } from "./load-ws.ts";
import { Outbox, type OutgoingSocket } from "./outbox.ts";
import { PongReply } from "./pong-reply.ts";
import type { Sweep } from "./sweep.ts";
import type { Transport, WebSocketClose, WebSocketMessage } from "./web-socket-connection.ts";

/** The parts of a `net.Socket` that are used. Other streams, which Node's servers take as well, do not count their bytes. */
export interface RawSocket extends OutgoingSocket {
  readonly bytesRead?: number;
  readonly bytesWritten?: number;
  on(event: "drain", listener: () => void): unknown;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
}

/** Who hears of messages, and of the end. */
export interface TransportEvents {
  /** Says how many bytes wait for the application now, about. */
  receive(message: WebSocketMessage): number;
  end(close: WebSocketClose): void;
  /** Closes from this side. */
  close(code: number, reason: string): unknown;
  /** What those get who wait for a client that has gone. */
  refusal(): Promise<never>;
}

export interface NodeTransportOptions {
  readonly maxBufferedBytes: number;
  /** How many bytes may wait for the application, with what `ws` inflates after it has been paused. */
  readonly maxWaitingBytes: number;
  readonly isCompressing: boolean;
  /** Looks at connections that say nothing; `null` for never. */
  readonly sweep: Sweep | null;
}

/** `WebSocket.OPEN`. */
const OPEN = 1;

/** A WebSocket of `ws`. */
export class NodeTransport implements Transport {
  readonly #ws: WsSocket;
  readonly #socket: RawSocket;
  readonly #options: NodeTransportOptions;
  readonly #outbox: Outbox;
  readonly #receiver: WsSocket["_receiver"];
  readonly #watch: IdleWatch;
  #events: TransportEvents | undefined = undefined;
  #isPaused = false;
  #isClosing = false;
  /** What the connection was closed with here; the client may not have heard of it. */
  #own: { readonly code: number; readonly reason: string } = { code: 1006, reason: "" };

  constructor(ws: WsSocket, socket: RawSocket, options: NodeTransportOptions) {
    this.#ws = ws;
    this.#socket = socket;
    this.#receiver = ws._receiver;
    this.#options = options;
    this.#outbox = new Outbox(ws, socket, options.isCompressing, () => this.#refusal());
    this.#watch = new IdleWatch({
      bytesRead: options.sweep === null ? () => 0 : counterOf(socket),
      bytesFlushed: () => (socket.bytesWritten ?? 0) - socket.writableLength,
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
        pongs.answer(data);
      }
    });
    ws.on("error", (error: NodeJS.ErrnoException) => this.#onError(error));
    ws.on("close", (code: number, reason: Buffer) => this.#onClose(code, reason));
    this.#options.sweep?.add(this.#watch);
  }

  get protocol(): string {
    return this.#ws.protocol;
  }

  get isOpen(): boolean {
    // `ws` hears of a destroyed socket later: sends that succeed at once would never let it.
    return this.#ws.readyState === OPEN && !this.#socket.destroyed;
  }

  send(message: WebSocketMessage, isFollowed: boolean): Promise<void> {
    if (!this.isOpen) {
      return this.#refusal();
    }
    if (this.#ws.bufferedAmount > this.#options.maxBufferedBytes) {
      this.#own = { code: 1008, reason: "" };
      this.terminate();
      return this.#refusal();
    }
    return this.#outbox.send(message, isFollowed || this.#hasMore);
  }

  /**
   * Whether `ws` is in the midst of what was read, so that further messages are likely to be answered in this turn. It does
   * not say so officially; where it does not at all, each answer goes out by itself.
   */
  get #hasMore(): boolean {
    return (this.#receiver?._bufferedBytes ?? 0) > 0;
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

  #refusal(): Promise<never> {
    return (this.#events as TransportEvents).refusal();
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    const events = this.#events;
    if (this.#isClosing || events === undefined) {
      return;
    }
    const waiting = events.receive(
      isBinary ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data.toString(),
    );
    // One read of the socket can inflate to a thousand times its length, and `ws` cannot be stopped in the midst of it.
    if (waiting > this.#options.maxWaitingBytes) {
      events.close(1008, "too many messages wait");
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
    this.#outbox.end();
  }
}

/** The close codes that `ws` sends for what is no plain violation of the protocol. */
const VIOLATIONS: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
};

/** Tells how many bytes have come. */
function counterOf(socket: RawSocket): () => number {
  if (socket.bytesRead !== undefined) {
    return () => socket.bytesRead ?? 0;
  }
  let count = 0;
  socket.on("data", (chunk) => {
    count += chunk.length;
  });
  return () => count;
}

/** How often connections are looked at, in milliseconds. */
export function lookingPeriod(idleTimeout: number): number {
  return Math.max(1, Math.ceil(idleTimeout / LOOKS));
}
