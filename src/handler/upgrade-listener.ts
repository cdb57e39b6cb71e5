import type { UpgradeProblem } from "../common/protocol-switch.ts";
import { hasBody } from "../request/node-body.ts";
import type { NodeRequest, NodeSocket } from "../request/node-types.ts";
import type { NodeWritable } from "../response/node-writable.ts";
import { holdConnection, type TakenConnection } from "./take-over.ts";
import { afterEarlierResponses, giveBack, type QueueingSocket } from "./upgrade-turn.ts";

/** For `server.on("upgrade", …)` of an `http.Server`. */
export type UpgradeListener = (request: NodeRequest, socket: NodeSocket, head: Uint8Array) => void;

/** Serves a request whose connection has no parser any more. */
export type ServeTaken = (
  request: NodeRequest,
  response: NodeWritable,
  taken: TakenConnection | UpgradeProblem,
  next: (() => void) | undefined,
) => void;

interface ServerResponse extends NodeWritable {
  assignSocket(socket: NodeSocket): void;
  detachSocket(socket: NodeSocket): void;
  emit(event: string): unknown;
}

/**
 * Answers what Node hands to `"upgrade"` listeners: upgrades where a resource has one, everything else over HTTP, and
 * then the connection ends. When there are further listeners, requests that no resource answers are left to them.
 *
 * What comes behind a response that is still under way waits for it, and gets no upgrade, as without a listener.
 *
 * @param report is told of what fails outside of the tree; nothing is thrown into Node's event
 */
export function upgradeListener(serve: ServeTaken, report: (error: unknown) => void): UpgradeListener {
  return (request, socket, head) => {
    const isShared = (request.socket?.server?.listenerCount("upgrade") ?? 0) > 1;
    const answer = (problem?: UpgradeProblem) =>
      carefully(socket, report, () => {
        const response = responseTo(request, socket);
        const taken = holdConnection({ request, socket, head }, response);
        if (hasBody(request)) {
          // Node has skipped it or not, depending on its version: a handler must not take nothing for all of it.
          response.writeHead(400, ["content-length", "0"] as never);
          response.end();
          return;
        }
        const leave = () => {
          taken.release();
          if ((socket as QueueingSocket)._httpMessage === (response as object)) {
            response.detachSocket(socket);
          }
          giveBack(response);
        };
        serve(request, response, problem ?? taken, isShared ? leave : undefined);
      });
    const begin = (problem?: UpgradeProblem) =>
      carefully(socket, report, () => {
        // From version 24 on Node gives something in front of the connection where there is a body.
        const busy = [request.socket, socket].find(isBusy);
        if (busy === undefined) {
          answer(problem);
          return;
        }
        // Node has taken its own off, and without one a connection that is reset would end the process.
        busy.on?.("error", () => {});
        socket.on?.("error", () => {});
        afterEarlierResponses(busy, !isShared, (isBehindAnswer) =>
          begin(isBehindAnswer ? "pipelined" : problem),
        );
      });
    begin();
  };
}

function isBusy(socket: QueueingSocket | undefined): socket is QueueingSocket {
  return socket?._httpMessage !== null && socket?._httpMessage !== undefined;
}

/** A connection on which something has failed that should not is of no use to anybody. */
function carefully(socket: NodeSocket, report: (error: unknown) => void, run: () => void): void {
  try {
    run();
  } catch (error) {
    socket.destroy();
    report(error);
  }
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
