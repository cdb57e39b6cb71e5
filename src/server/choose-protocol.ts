import type { Socket } from "node:net";
import { endSocket } from "../request/node-closing.ts";
import { rawAnswer } from "./raw-answer.ts";

/** What an HTTP/2 client with prior knowledge begins with, as far as it tells it from HTTP/1 (RFC 9113 §3.4). */
const PREFACE = "PRI * HTTP/2.0\r\n\r\n";

export interface Protocols {
  readonly http1: (socket: Socket) => void;
  readonly http2: (socket: Socket) => void;
}

/**
 * Reads the first bytes of a plain connection, puts them back, and gives it to the protocol that they belong to.
 *
 * @param timeout how long the first bytes may take, in milliseconds; 0 is without limit
 */
export function chooseProtocol(socket: Socket, timeout: number, protocols: Protocols): void {
  let seen: Buffer = Buffer.alloc(0);
  const onReadable = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) {
      return;
    }
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const begin = seen.toString("latin1", 0, PREFACE.length);
    if (begin === PREFACE) {
      handOver(protocols.http2);
    } else if (!PREFACE.startsWith(begin)) {
      handOver(protocols.http1);
    }
  };
  const handOver = (accept: (socket: Socket) => void) => {
    release();
    socket.unshift(seen);
    accept(socket);
  };
  const onEnd = () => socket.destroy();
  const timer = timeout > 0 ? setTimeout(() => endSocket(socket, rawAnswer(408)), timeout) : undefined;
  const release = () => {
    clearTimeout(timer);
    socket.off("readable", onReadable);
    socket.off("end", onEnd);
    socket.off("close", release);
    socket.off("error", onEnd);
  };
  socket.on("readable", onReadable);
  socket.on("end", onEnd);
  socket.on("close", release);
  socket.on("error", onEnd);
}
