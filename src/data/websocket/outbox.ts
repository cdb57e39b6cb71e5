import { frameOf } from "./frame.ts";
import type { WsSocket } from "./load-ws.ts";
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

const DONE: Promise<void> = Promise.resolve();

/** What a WebSocket of `ws` sends, at the pace of its client. */
export class Outbox {
  readonly #ws: WsSocket;
  readonly #socket: OutgoingSocket;
  readonly #isCompressing: boolean;
  readonly #refusal: () => Promise<never>;
  #isCorked = false;
  #isOver = false;
  #waiting: (() => void)[] = [];
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
    return socket.writableNeedDrain && socket.writableLength >= HIGH_WATER ? this.#drained() : DONE;
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
      return DONE;
    }
    return handled(
      new Promise((resolve, reject) => {
        settle = (error) => (error ? this.#refusal().catch(reject) : resolve());
      }),
    );
  }

  /** Fulfilled when all that waits has been sent. */
  #drained(): Promise<void> {
    return handled(
      new Promise((resolve, reject) => {
        this.#waiting.push(() => (this.#isOver ? this.#refusal().catch(reject) : resolve()));
      }),
    );
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const settle of waiting) {
      settle();
    }
  }
}

/** Nobody has to wait for what is sent: its failure must not end the process. */
function handled(sent: Promise<void>): Promise<void> {
  sent.catch(() => {});
  return sent;
}
