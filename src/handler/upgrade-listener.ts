import { hasBody } from "../request/node-body.ts";
import type { NodeRequest, NodeSocket } from "../request/node-types.ts";
import type { NodeWritable } from "../response/node-writable.ts";
import { holdConnection, type TakenConnection } from "./take-over.ts";

/** For `server.on("upgrade", …)` of an `http.Server`. */
export type UpgradeListener = (request: NodeRequest, socket: NodeSocket, head: Uint8Array) => void;

/** Serves a request whose connection has no parser any more. */
export type ServeTaken = (
  request: NodeRequest,
  response: NodeWritable,
  taken: TakenConnection,
  next: (() => void) | undefined,
) => void;

interface ServerResponse extends NodeWritable {
  assignSocket(socket: NodeSocket): void;
  detachSocket(socket: NodeSocket): void;
}

/**
 * Answers what Node hands to `"upgrade"` listeners: upgrades where a resource has one, everything else over HTTP, and
 * then the connection ends. When there are further listeners, requests that no resource answers are left to them.
 */
export function upgradeListener(serve: ServeTaken): UpgradeListener {
  return (request, socket, head) => {
    const response = responseTo(request, socket);
    const taken = holdConnection({ request, socket, head }, response);
    if (hasBody(request)) {
      // Node has skipped it or not, depending on its version: a handler must not take nothing for all of it.
      response.writeHead(400, ["content-length", "0"] as never);
      response.end();
      return;
    }
    const isShared = (request.socket?.server?.listenerCount("upgrade") ?? 0) > 1;
    const leave = () => {
      taken.release();
      response.detachSocket(socket);
    };
    serve(request, response, taken, isShared ? leave : undefined);
  };
}

function responseTo(request: NodeRequest, socket: NodeSocket): ServerResponse {
  // Whoever has such a request has loaded it.
  const http = process.getBuiltinModule("node:http") as unknown as {
    readonly ServerResponse: new (request: NodeRequest) => ServerResponse;
  };
  const response = new http.ServerResponse(request);
  response.assignSocket(socket);
  return response;
}
