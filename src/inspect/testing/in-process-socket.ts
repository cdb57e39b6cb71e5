import type { SocketEnd, SocketLink } from "../../common/protocol-switch.ts";
import type { WebSocketClose, WebSocketMessage } from "../../data/websocket/web-socket-connection.ts";

/** Real ones also where a test has put its own clock in the place of timers, unless it did so before this was loaded. */
const { setImmediate: immediately, setTimeout: later } = globalThis;

/** Runs something after what runs now, as what comes over a network does; in order. */
function soon(run: () => void): void {
  if (typeof immediately === "function") {
    immediately(run);
  } else {
    later(run, 0);
  }
}

/** Who hears of what the server sends. */
export interface ClientEnd {
  onMessage(message: WebSocketMessage): void;
  onClose(close: WebSocketClose): void;
}

/** The closing of a connection, as it goes over the wire. */
type Delivery = WebSocketMessage | { readonly code: number; readonly reason: string };

/**
 * A WebSocket without a network between its ends: everything arrives a turn of the event loop later, in the order in which
 * it was sent. A side that is closed answers with the same code (RFC 6455 §5.5.1).
 */
export class InProcessSocket {
  readonly #client: ClientEnd;
  #server: SocketEnd | undefined = undefined;
  #isOver = false;
  #isPaused = false;
  readonly #held: Delivery[] = [];
  #heldBytes = 0;

  constructor(client: ClientEnd) {
    this.#client = client;
  }

  /** Whether a server has taken up its end. */
  get isLinked(): boolean {
    return this.#server !== undefined;
  }

  /** Takes the server's end; returns its way to the client. */
  link(server: SocketEnd): SocketLink {
    this.#server = server;
    if (this.#isOver) {
      // The client has left while the handshake was under way.
      soon(() => server.onClose(1006, ""));
    }
    return {
      bufferedAmount: () => this.#heldBytes,
      send: (message) => soon(() => this.#deliver(message)),
      close: (code, reason) => soon(() => this.#deliver({ code, reason })),
      terminate: () => soon(() => this.#end(1006, "")),
    };
  }

  send(message: WebSocketMessage): void {
    const copy = typeof message === "string" ? message : message.slice();
    soon(() => {
      if (!this.#isOver) {
        this.#server?.onMessage(copy);
      }
    });
  }

  close(code: number, reason: string): void {
    this.resume();
    soon(() => this.#end(code, reason));
  }

  /** What comes is kept back, and counts as not yet sent: a client that does not read. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#heldBytes = 0;
    for (const delivery of this.#held.splice(0)) {
      this.#deliver(delivery);
    }
  }

  #deliver(delivery: Delivery): void {
    if (this.#isOver) {
      return;
    }
    if (this.#isPaused) {
      this.#held.push(delivery);
      this.#heldBytes += sizeOf(delivery);
    } else if (typeof delivery === "string" || delivery instanceof Uint8Array) {
      this.#client.onMessage(delivery);
    } else {
      this.#end(delivery.code, delivery.reason);
    }
  }

  #end(code: number, reason: string): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#held.length = 0;
      this.#heldBytes = 0;
      this.#client.onClose({ code, reason, wasClean: code !== 1006 });
      this.#server?.onClose(code, reason);
    }
  }
}

function sizeOf(delivery: Delivery): number {
  return typeof delivery === "string" || delivery instanceof Uint8Array ? delivery.length : 0;
}
