import type { IncomingMessage, ServerResponse } from "node:http";
import { endGently, endSocket } from "../request/node-closing.ts";
import { announcedLength } from "../request/node-headers.ts";

/** How much of a body that nobody reads is taken after its answer so that the connection can be kept, in bytes. */
const DRAINED_BYTES = 65_536;

/** How long that may take, in milliseconds. */
const DRAINING_TIME = 500;

/**
 * For a request that announces a body: once it is answered, no more than a little of what is left of that body is
 * taken. Node would take all of it, however much a client sends.
 */
export function boundUnreadBody(request: IncomingMessage, response: ServerResponse): void {
  const length = announcedLength(request.rawHeaders);
  if (length === 0) {
    return;
  }
  if (length > DRAINED_BYTES) {
    closeUnlessComplete(request, response);
  }
  // In front of Node's own listener, which begins to take the body. Neither a closure nor `once`, which makes one.
  response.prependListener("finish", drainUnread);
}

function drainUnread(this: ServerResponse): void {
  const { req: request } = this;
  if (!request.complete && !request.socket.destroyed) {
    drain(request);
  }
}

/** Says in the head that the connection is not kept when the body will hardly have come by the end. */
function closeUnlessComplete(request: IncomingMessage, response: ServerResponse): void {
  const writeHead = response.writeHead as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    if (!request.complete) {
      response.shouldKeepAlive = false;
    }
    return writeHead.apply(response, args);
  };
}

function drain(request: IncomingMessage): void {
  const { socket } = request;
  let taken = 0;
  const onData = (chunk: Uint8Array) => {
    taken += chunk.byteLength;
    if (taken > DRAINED_BYTES) {
      end();
    } else {
      // Whoever has begun to read it may have paused it.
      request.resume();
    }
  };
  const release = () => {
    clearTimeout(timer);
    request.off("data", onData);
    request.off("end", onEnd);
    socket.off("close", onClose);
  };
  const end = () => {
    release();
    request.pause();
    socket.once("close", onClose);
    endSocket(socket);
  };
  const onEnd = () => {
    release();
    socket.destroySoon = destroySoon;
  };
  const onClose = () => {
    release();
    // Node forgets a request with its response: whoever still reads its body would wait for ever.
    request.destroy();
  };
  // A body that is taken past the stream has no "end".
  const timer = setTimeout(() => (request.complete ? onEnd() : end()), DRAINING_TIME);
  request.on("data", onData);
  request.once("end", onEnd);
  socket.once("close", onClose);
  const { destroySoon } = socket;
  endGently(socket);
  request.resume();
}
