import type { WsSocket } from "./load-ws.ts";

/**
 * Answers pings. While one pong is on its way, of all further pings only the last one gets another
 * (RFC 6455 §5.5.3): a flood of them leaves nothing in memory, whether the client reads the pongs or not.
 */
export class PongReply {
  readonly #ws: WsSocket;
  #isPending = false;
  #next: Uint8Array | null = null;

  constructor(ws: WsSocket) {
    this.#ws = ws;
  }

  answer(data: Uint8Array): void {
    if (this.#isPending) {
      this.#next = data;
      return;
    }
    this.#isPending = true;
    this.#ws.pong(data, false, () => {
      const next = this.#next;
      this.#isPending = false;
      this.#next = null;
      if (next !== null) {
        this.answer(next);
      }
    });
  }
}
