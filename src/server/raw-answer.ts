import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** How long a client may go on sending to a connection that is closing before it is cut off, in milliseconds. */
const CLOSING_TIME = 500;

/**
 * Closes a connection so that the client gets everything that was written to it: a socket that is destroyed while
 * bytes of the client are unread answers with RST, which takes the last response out of the client's hands
 * (RFC 9112 §9.6). So the sending side ends first, and the rest goes a moment later.
 */
export function endSocket(socket: Duplex, lastWords?: string): void {
  if (!socket.writableEnded && !socket.destroyed) {
    socket.end(lastWords);
    const timer = setTimeout(() => socket.destroy(), CLOSING_TIME);
    socket.once("close", () => clearTimeout(timer));
  }
}

/** Has Node close a connection as {@link endSocket} does: after a last response it would destroy it at once. */
export function endGently(socket: Socket): void {
  socket.destroySoon = () => endSocket(socket);
}

const REASONS = {
  400: "Bad Request",
  408: "Request Timeout",
  413: "Payload Too Large",
  431: "Request Header Fields Too Large",
} as const;

/** The response to what never became a request. */
export function rawAnswer(status: keyof typeof REASONS): string {
  return `HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
}

/** The statuses that Node itself gives to the errors of its parser. */
export function statusOfParseError(code: string | undefined): keyof typeof REASONS {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return 431;
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return 413;
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return 408;
    default:
      return 400;
  }
}
