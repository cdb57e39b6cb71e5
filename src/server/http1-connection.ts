import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { endSocket } from "../request/node-closing.ts";
import type { Pipeline } from "./pipeline.ts";

/** What is known of a connection: its newest response, so that a drain finds it without a listener for each request. */
export interface Http1Connection {
  newest: ServerResponse | null;
  /** Only when requests have come before earlier ones were answered. */
  pipeline: Pipeline | null;
  /** The responses to such requests. */
  behind: Set<ServerResponse> | null;
}

export function isInFlight(response: ServerResponse | null): response is ServerResponse {
  return response !== null && !response.writableFinished && !response.destroyed;
}

/** Responses that would have kept their connection, had the server not been closing. */
const ended = new WeakSet<ServerResponse>();

/** Whether it is `closeAfter` that ends the connection with this response. */
export function hasEndedHere(response: ServerResponse): boolean {
  return ended.has(response);
}

/** Responses with which their connection ends: of what a client sends behind one, each read may be refused anew. */
const last = new WeakSet<ServerResponse>();

/** `Connection: close` if the head has not been sent yet; in any case nothing follows this response. */
export function closeAfter(socket: Socket, connection: Http1Connection, response: ServerResponse): void {
  if (!response.headersSent && response.shouldKeepAlive) {
    ended.add(response);
    // Not `setHeader`: with it `writeHead` would keep only one of several cookies (Node 20).
    response.shouldKeepAlive = false;
  }
  if (!last.has(response)) {
    last.add(response);
    response.once("finish", () => {
      if (connection.newest === response) {
        endSocket(socket);
      }
    });
  }
}

/** Node tells only the first of several pipelined responses that the connection has closed, the others never. */
export function closeWithSocket(connection: Http1Connection, response: ServerResponse): void {
  connection.behind ??= new Set();
  const { behind } = connection;
  behind.add(response);
  response.once("close", () => behind.delete(response));
}

/** Tells all of them. */
export function closeAll({ behind }: Http1Connection): void {
  for (const response of behind ?? []) {
    if (!response.writableFinished && !response.closed) {
      response.destroy();
      response.emit("close");
    }
  }
}
