import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { NodeListener } from "../handler/node-listener.ts";
import { markAwaitingContinue } from "../request/node-body.ts";
import { endGently, endSocket } from "../request/node-closing.ts";
import { markDeferred } from "../request/node-deferred.ts";
import {
  closeAfter,
  closeAll,
  closeWithSocket,
  type Http1Connection,
  hasEndedHere,
  isInFlight,
} from "./http1-connection.ts";
import { Pipeline } from "./pipeline.ts";
import { rawAnswer, statusOfParseError } from "./raw-answer.ts";
import type { ServerLimits } from "./server-limits.ts";
import { boundUnreadBody } from "./unread-body.ts";

/**
 * How long an idle connection stays open when the drain begins, in milliseconds: a request that the client sent
 * before it could know is still answered, whereas one that meets a closed socket is lost.
 */
export const LINGER = 200;

/** The HTTP/1 connections of one server, and what they need besides Node's own handling. */
export class Http1Connections {
  readonly #connections = new Map<Socket, Http1Connection>();
  readonly #listener: NodeListener;
  readonly #maxHeaderLines: number;
  readonly #maxPipelinedRequests: number;
  #isDraining = false;

  constructor(listener: NodeListener, { maxHeadersCount, maxPipelinedRequests }: ServerLimits) {
    this.#listener = listener;
    this.#maxHeaderLines = maxHeadersCount === 0 ? Number.POSITIVE_INFINITY : 2 * maxHeadersCount;
    this.#maxPipelinedRequests = maxPipelinedRequests;
  }

  readonly onConnection = (socket: Socket): void => {
    const connection: Http1Connection = { newest: null, pipeline: null, behind: null };
    this.#connections.set(socket, connection);
    socket.on("close", this.#onClose);
    if (this.#isDraining) {
      this.#endIfIdleSoon(socket, connection);
    }
  };

  /** One function for all: a closure, and what `once` wraps it in, show where each request makes a connection. */
  readonly #onClose = forgetIn(this.#connections);

  readonly onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const connection = this.#connections.get(socket);
    if (connection === undefined || socket.writableEnded) {
      return;
    }
    const previous = connection.newest;
    const isBehind = isInFlight(previous);
    if (isBehind && !this.#admitBehind(socket, connection, previous)) {
      return;
    }
    if (this.#isDraining && !this.#admit(socket, connection, response)) {
      return;
    }
    connection.newest = response;
    boundUnreadBody(request, response);
    if (isBehind) {
      closeWithSocket(connection, response);
      if (connection.pipeline !== null) {
        let isDeferred = false;
        connection.pipeline.take(response, () => {
          if (isDeferred) {
            markDeferred(request);
          }
          this.#serve(request, response);
        });
        isDeferred = true;
        return;
      }
    }
    this.#serve(request, response);
  };

  /** The client waits for `100 Continue`, which the first read of the body sends. */
  readonly onCheckContinue = (request: IncomingMessage, response: ServerResponse): void => {
    markAwaitingContinue(request);
    this.onRequest(request, response);
  };

  /** An expectation that nobody can meet (RFC 9110 §10.1.1). */
  readonly onCheckExpectation = (request: IncomingMessage, response: ServerResponse): void => {
    const connection = this.#connections.get(request.socket);
    if (connection !== undefined) {
      connection.newest = response;
    }
    boundUnreadBody(request, response);
    refuse(response, 417);
  };

  /** No proxy lives here, and Node has taken its parser off this socket already. */
  readonly onConnect = (_request: IncomingMessage, socket: Duplex): void => {
    socket.on("error", ignore);
    socket.resume();
    endSocket(socket, rawAnswer(400));
  };

  /** What Node's parser refused: of this connection everything ends, of the others nothing. */
  readonly onClientError = (error: Error, socket: Duplex): void => {
    const connection = this.#connections.get(socket as Socket);
    const newest = connection?.newest;
    const code = (error as NodeJS.ErrnoException).code;
    if (connection === undefined || newest === undefined || code === "ECONNRESET") {
      // An unknown one has not come to the end of its TLS handshake: nothing of HTTP can be said.
      socket.destroy();
    } else if (socket.writableEnded) {
      // The last response may still be on its way.
    } else if (newest === null || newest.writableFinished) {
      // Nothing follows a response that said so (RFC 9112 §9.6).
      const isOver = newest !== null && !newest.shouldKeepAlive;
      endSocket(socket, isOver ? undefined : rawAnswer(statusOfParseError(code)));
    } else if (newest.req.complete) {
      // The response is on its way to a request that was well-formed; what follows it is not.
      closeAfter(socket as Socket, connection, newest);
    } else if (newest.headersSent || newest.socket === null) {
      socket.destroy();
    } else {
      // The body is malformed: its reader is told when the socket closes.
      endSocket(socket, rawAnswer(statusOfParseError(code)));
    }
  };

  /** Ends each connection as soon as it owes nothing to its client any more. */
  drain(): void {
    this.#isDraining = true;
    for (const [socket, connection] of this.#connections) {
      const { newest } = connection;
      if (isInFlight(newest)) {
        closeAfter(socket, connection, newest);
      } else {
        this.#endIfIdleSoon(socket, connection);
      }
    }
  }

  destroy(): void {
    for (const socket of this.#connections.keys()) {
      socket.destroy();
    }
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    if (request.rawHeaders.length > this.#maxHeaderLines) {
      refuse(response, 431);
      return;
    }
    this.#listener(request, response);
  }

  /** Whether a request that arrives before its predecessor has been answered is served. */
  #admitBehind(socket: Socket, connection: Http1Connection, previous: ServerResponse): boolean {
    if (previous.headersSent && !previous.shouldKeepAlive) {
      // The client has been told that nothing follows.
      return false;
    }
    if (this.#maxPipelinedRequests === 0) {
      return true;
    }
    connection.pipeline ??= new Pipeline(socket, this.#maxPipelinedRequests);
    const requests = connection.pipeline;
    if (requests.isEmpty) {
      requests.count(previous);
    }
    if (requests.isFull && !requests.isOver) {
      // The client repeats on another connection what is not answered on this one (RFC 9112 §9.3.2).
      requests.end();
      endGently(socket);
      closeAfter(socket, connection, previous);
    }
    return !requests.isOver;
  }

  /** Whether a request that arrives during the drain can still be answered. */
  #admit(socket: Socket, connection: Http1Connection, response: ServerResponse): boolean {
    const previous = connection.newest;
    // Its `Connection: close` was ours and is not out yet: the newer response can have it instead.
    const canTakeBack = isInFlight(previous) && hasEndedHere(previous) && !previous.headersSent;
    if (canTakeBack) {
      previous.shouldKeepAlive = true;
    }
    if (socket.writableEnded || (isInFlight(previous) && !previous.shouldKeepAlive)) {
      // The client has been told that nothing follows; it may repeat the request elsewhere (RFC 9112 §9.3.1).
      return false;
    }
    closeAfter(socket, connection, response);
    return true;
  }

  #endIfIdleSoon(socket: Socket, connection: Http1Connection): void {
    const { bytesRead } = socket;
    const timer = setTimeout(() => {
      // Bytes without a request are the beginning of one: it comes, or `headersTimeout` does.
      if (!isInFlight(connection.newest) && socket.bytesRead === bytesRead) {
        endSocket(socket);
      }
    }, LINGER);
    socket.once("close", () => clearTimeout(timer));
  }
}

function forgetIn(connections: Map<Socket, Http1Connection>): (this: Socket) => void {
  return function forget() {
    const connection = connections.get(this);
    if (connection !== undefined) {
      connections.delete(this);
      closeAll(connection);
    }
  };
}

function refuse(response: ServerResponse, status: number): void {
  response.shouldKeepAlive = false;
  response.writeHead(status, ["content-length", "0"]).end();
}

function ignore(): void {}
