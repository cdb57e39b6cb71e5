import {
  isClosed,
  type NodeRequest,
  type NodeResponseEvents,
  type NodeSocket,
  onceClosed,
} from "./node-types.ts";

const whenClosed = new WeakMap<NodeSocket, Set<() => void>>();

/** Calls back once when a request is answered or its client has gone; at once when that is so already. */
export function onAnswered(request: NodeRequest, response: NodeResponseEvents, callback: () => void): void {
  const { socket } = request;
  const isHttp1 = request.httpVersionMajor === 1 && socket !== undefined;
  if (isClosed(response) || (isHttp1 && socket.destroyed)) {
    callback();
    return;
  }
  if (!isHttp1) {
    onceClosed(response, callback);
    return;
  }
  // Up to version 24 Node tells only the first of several pipelined responses that their connection has closed.
  const waiting = waitingFor(socket);
  const settle = () => {
    if (waiting.delete(settle)) {
      callback();
    }
  };
  waiting.add(settle);
  response.once("close", settle);
}

/** One listener for each connection, however many of its requests wait. */
function waitingFor(socket: NodeSocket): Set<() => void> {
  let waiting = whenClosed.get(socket);
  if (waiting === undefined) {
    const created = new Set<() => void>();
    waiting = created;
    whenClosed.set(socket, created);
    socket.once("close", () => {
      for (const settle of created) {
        settle();
      }
    });
  }
  return waiting;
}
