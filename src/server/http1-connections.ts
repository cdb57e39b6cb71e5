import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { NodeListener } from "../handler/node-listener.ts";
import { hasBody, markAwaitingContinue } from "../request/node-body.ts";
import { endGently, endSocket } from "../request/node-closing.ts";
import { Pipeline } from "./pipeline.ts";
import { rawAnswer, statusOfParseError } from "./raw-answer.ts";
import type { ServerLimits } from "./server-limits.ts";
import { boundUnreadBody } from "./unread-body.ts";

const newestResponse = Symbol("newest response");
const pipeline = Symbol("pipeline");

/** A socket knows its newest response, so that a drain finds it: no listener is needed for each request. */
interface TrackedSocket extends Socket {
  [newestResponse]?: ServerResponse | null;
  /** Only when requests have come before earlier ones were answered. */
  [pipeline]?: Pipeline;
}

/**
 * How long an idle connection stays open when the drain begins, in milliseconds: a request that the client sent
 * before it could know is still answered, whereas one that meets a closed socket is lost.
 */
export const LINGER = 200;

/** The HTTP/1 connections of one server, and what they need besides Node's own handling. */
export class Http1Connections {
  readonly #sockets = new Set<TrackedSocket>();
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
    const tracked: TrackedSocket = socket;
    tracked[newestResponse] = null;
    this.#sockets.add(tracked);
    socket.once("close", () => this.#sockets.delete(tracked));
    if (this.#isDraining) {
      this.#endIfIdleSoon(tracked);
    }
  };

  readonly onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const socket: TrackedSocket = request.socket;
    const previous = socket[newestResponse];
    const isBehind = isInFlight(previous);
    if (socket.writableEnded || (isBehind && !this.#admitBehind(socket, previous))) {
      return;
    }
    if (this.#isDraining && !this.#admit(socket, response)) {
      return;
    }
    socket[newestResponse] = response;
    if (hasBody(request)) {
      boundUnreadBody(request, response);
    }
    if (isBehind) {
      closeWithSocket(request, response);
      if (socket[pipeline] !== undefined) {
        socket[pipeline].take(response, () => this.#serve(request, response));
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
    (request.socket as TrackedSocket)[newestResponse] = response;
    if (hasBody(request)) {
      boundUnreadBody(request, response);
    }
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
    const tracked = socket as TrackedSocket;
    const newest = tracked[newestResponse];
    const code = (error as NodeJS.ErrnoException).code;
    if (newest === undefined || code === "ECONNRESET") {
      // Without a mark the TLS handshake failed: nothing of HTTP can be said.
      socket.destroy();
    } else if (socket.writableEnded) {
      // The last response may still be on its way.
    } else if (newest === null || newest.writableFinished) {
      // Nothing follows a response that said so (RFC 9112 §9.6).
      const isOver = newest !== null && !newest.shouldKeepAlive;
      endSocket(socket, isOver ? undefined : rawAnswer(statusOfParseError(code)));
    } else if (newest.req.complete) {
      // The response is on its way to a request that was well-formed; what follows it is not.
      closeAfter(tracked, newest);
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
    for (const socket of this.#sockets) {
      const newest = socket[newestResponse];
      if (isInFlight(newest)) {
        closeAfter(socket, newest);
      } else {
        this.#endIfIdleSoon(socket);
      }
    }
  }

  destroy(): void {
    for (const socket of this.#sockets) {
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
  #admitBehind(socket: TrackedSocket, previous: ServerResponse): boolean {
    if (previous.headersSent && !previous.shouldKeepAlive) {
      // The client has been told that nothing follows.
      return false;
    }
    if (this.#maxPipelinedRequests === 0) {
      return true;
    }
    socket[pipeline] ??= new Pipeline(socket, this.#maxPipelinedRequests);
    const requests = socket[pipeline];
    if (requests.isEmpty) {
      requests.count(previous);
    }
    if (requests.isFull && !requests.isOver) {
      // The client repeats on another connection what is not answered on this one (RFC 9112 §9.3.2).
      requests.end();
      endGently(socket);
      closeAfter(socket, previous);
    }
    return !requests.isOver;
  }

  /** Whether a request that arrives during the drain can still be answered. */
  #admit(socket: TrackedSocket, response: ServerResponse): boolean {
    const previous = socket[newestResponse];
    // Its `Connection: close` was ours and is not out yet: the newer response can have it instead.
    const canTakeBack = isInFlight(previous) && ended.has(previous) && !previous.headersSent;
    if (canTakeBack) {
      previous.shouldKeepAlive = true;
    }
    if (socket.writableEnded || (isInFlight(previous) && !previous.shouldKeepAlive)) {
      // The client has been told that nothing follows; it may repeat the request elsewhere (RFC 9112 §9.3.1).
      return false;
    }
    closeAfter(socket, response);
    return true;
  }

  #endIfIdleSoon(socket: TrackedSocket): void {
    const { bytesRead } = socket;
    const timer = setTimeout(() => {
      // Bytes without a request are the beginning of one: it comes, or `headersTimeout` does.
      if (!isInFlight(socket[newestResponse]) && socket.bytesRead === bytesRead) {
        endSocket(socket);
      }
    }, LINGER);
    socket.once("close", () => clearTimeout(timer));
  }
}

function isInFlight(response: ServerResponse | null | undefined): response is ServerResponse {
  return response !== null && response !== undefined && !response.writableFinished && !response.destroyed;
}

/** Responses that would have kept their connection, had the server not been closing. */
const ended = new WeakSet<ServerResponse>();

/** `Connection: close` if the head has not been sent yet; in any case nothing follows this response. */
function closeAfter(socket: TrackedSocket, response: ServerResponse): void {
  if (!response.headersSent && response.shouldKeepAlive) {
    ended.add(response);
    // Not `setHeader`: with it `writeHead` would keep only one of several cookies (Node 20).
    response.shouldKeepAlive = false;
  }
  response.once("finish", () => {
    if (socket[newestResponse] === response) {
      endSocket(socket);
    }
  });
}

/** Node tells only the first of several pipelined responses that the connection has closed, the others never. */
function closeWithSocket(request: IncomingMessage, response: ServerResponse): void {
  request.once("close", () => {
    if (request.socket.destroyed && !response.writableFinished && !response.closed) {
      response.destroy();
      response.emit("close");
    }
  });
}

function refuse(response: ServerResponse, status: number): void {
  response.shouldKeepAlive = false;
  response.writeHead(status, ["content-length", "0"]).end();
}

function ignore(): void {}
