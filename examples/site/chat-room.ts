import { setTimeout as delay } from "node:timers/promises";
import type { WebSocketConnection } from "argania/websocket";

interface Message {
  /** `null` for what the room itself has to say. */
  readonly from: string | null;
  readonly text: string;
}

/** Nothing more is read from a client whose messages wait: this is how often one can speak. */
const PAUSE_MS = 100;

/** Everybody who is in here gets what anybody says. */
export class ChatRoom {
  readonly #sockets = new Set<WebSocketConnection>();

  /** As long as the client stays. The connection is closed when this is over, whoever ended it. */
  async join(socket: WebSocketConnection, name: string): Promise<void> {
    this.#sockets.add(socket);
    this.#broadcast({ from: null, text: `${name} is here` });
    try {
      for await (const message of socket) {
        if (typeof message === "string" && message.trim() !== "") {
          this.#broadcast({ from: name, text: message });
        }
        await delay(PAUSE_MS);
      }
    } finally {
      this.#sockets.delete(socket);
      this.#broadcast({ from: null, text: `${name} has gone` });
    }
  }

  /** Not awaited, or the slowest client would hold up the room. One that takes nothing is cut off: `maxBufferedBytes`. */
  #broadcast(message: Message): void {
    const text = JSON.stringify(message);
    for (const socket of this.#sockets) {
      socket.send(text);
    }
  }
}
