/** A socket, as far as ending it goes. */
export interface EndableSocket {
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  end(): unknown;
  end(lastWords: string): unknown;
  destroy(error?: Error): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** How long a client may go on sending to a connection that is closing before it is cut off, in milliseconds. */
const CLOSING_TIME = 500;

/**
 * Closes a connection so that the client gets everything that was written to it: a socket that is destroyed while
 * bytes of the client are unread answers with RST, which takes the last response out of the client's hands
 * (RFC 9112 §9.6). So the sending side ends first, and the rest goes a moment later.
 */
export function endSocket(socket: EndableSocket, lastWords?: string): void {
  if (!socket.writableEnded && !socket.destroyed) {
    if (lastWords === undefined) {
      socket.end();
    } else {
      socket.end(lastWords);
    }
    const timer = setTimeout(() => socket.destroy(), CLOSING_TIME);
    socket.once("close", () => clearTimeout(timer));
  }
}

/** Has Node close a connection as {@link endSocket} does: after a last response it would destroy it at once. */
export function endGently(socket: EndableSocket & { destroySoon?: () => void }): void {
  socket.destroySoon = () => endSocket(socket);
}
