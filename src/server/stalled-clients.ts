import type { ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { lookingPeriod, StallWatch } from "./stall-watch.ts";

/**
 * The system's side of a socket. Node has no public name for it, but looks at the same number itself before it takes
 * a socket for idle: a large write is one for `writableLength`, however much of it has gone already.
 */
interface SocketHandle {
  readonly writeQueueSize?: number;
  readonly bytesWritten?: number;
}

/**
 * Ends responses whose client takes nothing: whole bodies, streams, files, events and WebSockets, whatever wrote them.
 * Without that they and what they hold (files, subscriptions, memory) would stay for as long as the client likes.
 *
 * A connection that does not take what was sent is seen at its socket, also below TLS and HTTP/2. There a stream may
 * wait for its client as well while the connection has nothing to send (flow control, RFC 9113 §5.2): then it ends
 * alone, once the whole connection has sent nothing.
 */
export class StalledClients {
  readonly #timeout: number;
  readonly #sockets: Iterable<Socket>;
  readonly #streams: Iterable<ServerHttp2Stream>;
  readonly #socketWatch = new StallWatch<Socket>({
    taken: takenOfSocket,
    end: (socket) => socket.destroy(),
  });
  readonly #streamWatch = new StallWatch<ServerHttp2Stream>({
    taken: takenOfStream,
    end: (stream) => stream.close(CANCEL),
  });
  #timer: ReturnType<typeof setInterval> | undefined = undefined;

  /**
   * @param timeout in milliseconds; 0 is without limit
   * @param sockets those that are open, as they come from the system
   * @param streams those of HTTP/2 that are open
   */
  constructor(timeout: number, sockets: Iterable<Socket>, streams: Iterable<ServerHttp2Stream>) {
    this.#timeout = timeout;
    this.#sockets = sockets;
    this.#streams = streams;
  }

  /** Begins to look. */
  watch(): void {
    if (this.#timeout > 0) {
      this.#timer = setInterval(() => this.check(), lookingPeriod(this.#timeout));
      this.#timer.unref();
    }
  }

  check(): void {
    this.#socketWatch.check(this.#sockets);
    this.#streamWatch.check(this.#streams);
  }

  release(): void {
    clearInterval(this.#timer);
  }
}

function takenOfSocket(socket: Socket): number | null {
  const { _handle: handle } = socket as Socket & { readonly _handle?: SocketHandle | null };
  const waiting = handle?.writeQueueSize ?? 0;
  return waiting === 0 ? null : (handle?.bytesWritten ?? 0) - waiting;
}

function takenOfStream(stream: ServerHttp2Stream): number | null {
  const { session } = stream;
  if (stream.destroyed || stream.writableLength === 0 || session === undefined || session.destroyed) {
    return null;
  }
  // Node does not tell how much of one write has gone. What its siblings sent counts for a stream, too.
  return session.socket.bytesWritten;
}

/** RFC 9113 §7. */
const CANCEL = 8;
