import { cameAlone } from "../request/current-bytes.ts";
import { endGently } from "../request/node-closing.ts";
import { rawHeader } from "../request/node-headers.ts";
import type { NodeRequest } from "../request/node-types.ts";
import { asksForUpgrade, hasItem } from "../request/upgrade-request.ts";
import type { NodeWritable } from "../response/node-writable.ts";

/** The sockets on which no request counts any more. */
const over = new WeakSet<object>();

/**
 * Has the connection of a request that asks for an upgrade, and gets none, end with its answer. Node
 * throws away what follows such a request in the same bytes, and serves what comes in later ones: the client could wait for
 * ever, and the borders of packets would decide what is a request.
 *
 * One for another protocol than WebSockets, such as `h2c`, that came alone does no harm. Behind a refused handshake there may be
 * a proxy that has opened a tunnel without waiting for the answer.
 */
export function endAfterUpgrade(request: NodeRequest, response: NodeWritable): void {
  const { socket } = request;
  if (socket !== undefined && asksForUpgrade(request) && !isHarmless(request)) {
    response.shouldKeepAlive = false;
    endGently(socket);
    over.add(socket);
  }
}

function isHarmless(request: NodeRequest): boolean {
  return !hasItem(rawHeader(request.rawHeaders, "upgrade"), "websocket") && cameAlone(request);
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
