import { cameAlone } from "../request/current-bytes.ts";
import { endGently } from "../request/node-closing.ts";
import type { NodeRequest } from "../request/node-types.ts";
import { asksForUpgrade } from "../request/upgrade-request.ts";
import type { NodeWritable } from "../response/node-writable.ts";

/** The sockets on which no request counts any more. */
const over = new WeakSet<object>();

/**
 * Has the connection of a request that asks for an upgrade, and gets none, end with its answer, unless it came alone. Node
 * throws away what follows such a request in the same bytes, and serves what comes in later ones: the client could wait for
 * ever, and the borders of packets would decide what is a request.
 */
export function endAfterUpgrade(request: NodeRequest, response: NodeWritable): void {
  const { socket } = request;
  if (socket !== undefined && asksForUpgrade(request) && !cameAlone(request)) {
    response.shouldKeepAlive = false;
    endGently(socket);
    over.add(socket);
  }
}

/** Whether a request came behind one that its connection ends with: there is no way to answer it. */
export function isBehindUpgrade({ httpVersionMajor, socket }: NodeRequest, response: NodeWritable): boolean {
  return (
    httpVersionMajor === 1 &&
    socket !== undefined &&
    (response.socket === null || socket.writableEnded) &&
    over.has(socket)
  );
}
