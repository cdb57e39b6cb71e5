import { frameOf } from "./frame.ts";
import type { WsSocket } from "./load-ws.ts";
import { handled, SENT } from "./sent.ts";
import type { WebSocketMessage } from "./web-socket-connection.ts";

/** The parts of a `net.Socket` that sending takes. */
export interface OutgoingSocket {
  readonly destroyed: boolean;
  readonly writableLength: number;
  readonly writableNeedDrain: boolean;
  write(data: Uint8Array): boolean;
  cork(): void;
  uncork(): void;
  on(event: "drain", listener: () => void): unknown;
}

/** How many bytes may wait to be sent before whoever sends waits, too. */
const HIGH_WATER = 65_536;

/** What is so long is not copied: whoever sends bytes waits for them instead, and can use their array again afterwards. */
const LARGE = 16_384;

/** What a WebSocket of `ws` sends, at the pace of its client. */
export class Outbox {
  readonly #ws: WsSocket;
  readonly #socket: OutgoingSocket;
  readonly #isCompressing: boolean;
  readonly #refusal: () => Promise<never>;
  #isCorked = false;
  #isOver = false;
  #drained: Promise<void> | undefined = undefined;
  #wake: () => void = () => {};
  readonly #uncork = (): void => {
    this.#isCorked = false;
    this.#socket.uncork();
  };

  /**
   * @param isCompressing whether messages are compressed, which takes its time
   * @param refusal what those get who wait for a client that has gone
   */
  constructor(ws: WsSocket, socket: OutgoingSocket, isCompressing: boolean, refusal: () => Promise<never>) {
    this.#ws = ws;
    this.#socket = socket;
    this.#isCompressing = isCompressing;
    this.#refusal = refusal;
    socket.on("drain", () => this.#wake());
  }

  /**
   * Fulfilled when more can be sent: mostly at once.
   *
   * @param isFollowed whether more is likely to be sent in this turn: then all of it goes out in one write
   */
  send(message: WebSocketMessage, isFollowed: boolean): Promise<void> {
    if (this.#isCompressing || message.length >= LARGE) {
      return this.#sendWhole(message);
    }
    const socket = this.#socket;
    if (isFollowed && !this.#isCorked) {
      this.#cork();
    }
    socket.write(frameOf(message));
    return socket.writableNeedDrain && socket.writableLength >= HIGH_WATER ? this.#untilDrained() : SENT;
  }

  /** The connection has ended. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  #cork(): void {
    this.#isCorked = true;
    this.#socket.cork();
    process.nextTick(this.#uncork);
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
      return SENT;
    }
    return handled(
      new Promise((resolve, reject) => {
        settle = (error) => (error ? this.#refusal().catch(reject) : resolve());
      }),
    );
  }

  /** Fulfilled when all that waits has been sent: one promise for all that is sent meanwhile, which nobody may wait for. */
  #untilDrained(): Promise<void> {
    this.#drained ??= handled(
      new Promise((resolve, reject) => {
        this.#wake = () => {
          this.#drained = undefined;
          this.#isOver ? this.#refusal().catch(reject) : resolve();
        };
      }),
    );
    return this.#drained;
  }
}
