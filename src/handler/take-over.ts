import type { NodeUpgrade, UpgradeProblem } from "../common/protocol-switch.ts";
import { hasBody } from "../request/node-body.ts";
import { endGently, endSocket } from "../request/node-closing.ts";
import { isDeferred } from "../request/node-deferred.ts";
import type { NodeRequest, NodeSocket } from "../request/node-types.ts";
import type { LightResponse } from "../response/light-response.ts";
import type { NodeWritable } from "../response/node-writable.ts";
import { UpgradeResponse } from "../response/upgrade-response.ts";

/** A connection without HTTP's parser, whose request has yet to be answered: over HTTP, or by another protocol. */
export interface TakenConnection {
  /** Answers with a response of the status 101: goes on with what it switches to, whose failures go to `report`. */
  switchTo(answer: LightResponse, report: (error: unknown) => void): void;
  /** Leaves the connection to somebody else. */
  release(): void;
}

/**
 * Takes Node's HTTP parser off the connection of a request that asks for an upgrade, with no `"upgrade"` listener of
 * the server's: Node would hand every upgrade to that, with any method and any body, also those for resources that
 * know nothing of upgrades.
 *
 * Without listener, Node hands over such a request as any other (`upgrade` is false). Its parser stands at the end of
 * the head all the same, and has kept what follows. So `upgrade` is set, and a listener is there until the parser
 * returns: Node goes on as if both had been there before. Where this is not so, the request is served as an ordinary
 * one.
 *
 * @param serve called once, in this turn of the event loop
 */
export function takeOver(
  request: NodeRequest,
  response: NodeWritable,
  serve: (connection: TakenConnection | UpgradeProblem) => void,
): void {
  const server = request.socket?.server;
  if (hasBody(request)) {
    serve("body");
    return;
  }
  if (response.socket === null || isDeferred(request)) {
    // Node gives a response its socket when those before it are out; one that had to wait may have it by now.
    serve("pipelined");
    return;
  }
  if (!server) {
    serve("attached");
    return;
  }
  const settle = (outcome: TakenConnection | UpgradeProblem) => {
    server.off("upgrade", onUpgrade);
    isSettled = true;
    serve(outcome);
  };
  let isSettled = false;
  const onUpgrade = (...[upgraded, socket, head]: unknown[]) => {
    if (upgraded === request) {
      settle(holdConnection({ request, socket: socket as NodeSocket, head: head as Uint8Array }, response));
    } else {
      // A second one in the same bytes, with the first one unanswered.
      (socket as NodeSocket).destroy();
    }
  };
  server.on("upgrade", onUpgrade);
  request.upgrade = true;
  process.nextTick(() => {
    if (!isSettled) {
      request.upgrade = false;
      settle("attached");
    }
  });
}

/** Has a connection without parser end well, whatever answers its request. */
export function holdConnection(
  upgrade: NodeUpgrade & { readonly socket: NodeSocket },
  response: NodeWritable,
): TakenConnection {
  const { socket } = upgrade;
  // Node has taken its own listeners off. The response waits for this one when the client is slow.
  const onDrain = () => (response as NodeWritable & { emit(event: "drain"): unknown }).emit("drain");
  const onEnd = () => socket.destroy();
  const onFinish = () => {
    endSocket(socket);
    // What the client sends after a refused handshake is no request: nobody looks at it.
    socket.resume?.();
  };
  const release = () => {
    socket.off?.("drain", onDrain);
    socket.off?.("end", onEnd);
    response.off("finish", onFinish);
  };
  // Stays for good. It destroys itself; without a listener the process would end.
  socket.on?.("error", ignore);
  socket.on?.("drain", onDrain);
  socket.on?.("end", onEnd);
  response.shouldKeepAlive = false;
  endGently(socket);
  response.once("finish", onFinish);
  return {
    release,
    switchTo: (answer, report) => {
      UpgradeResponse.switchOf(answer).onNode(upgrade, answer.headerList ?? [], report);
      release();
    },
  };
}

function ignore(): void {}
