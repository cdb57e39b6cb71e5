import type {
  Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  ServerHttp2Session,
  ServerHttp2Stream,
} from "node:http2";
import type { Duplex } from "node:stream";
import type { NodeListener } from "../handler/node-listener.ts";
import { markAwaitingContinue } from "../request/node-body.ts";
import { AbandonedStreams } from "./abandoned-streams.ts";
import { LINGER } from "./http1-connections.ts";
import { loadHttp2 } from "./node-modules.ts";
import type { ServerLimits } from "./server-limits.ts";

type Http2Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** How often sessions and streams are looked at that owe something, in milliseconds. */
const CHECKING_INTERVAL = 1_000;

/** No stream has a higher number: the last-stream-id of a GOAWAY that refuses nothing yet (RFC 9113 §6.8). */
const ANY_STREAM = 2 ** 31 - 1;

/** The HTTP/2 connections of one server. They come from its HTTP/1 server, which listens for both. */
export class Http2Sessions {
  readonly #limits: ServerLimits;
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Those that are open. */
  readonly streams: Set<ServerHttp2Stream> = new Set();
  /** Since when sessions owe the answer to our SETTINGS, without which limits do not hold, and streams the rest of their request. */
  readonly #waitingSessions = new Map<ServerHttp2Session, number>();
  readonly #waitingStreams = new Map<ServerHttp2Stream, number>();
  readonly #abandoned: AbandonedStreams;
  #checker: ReturnType<typeof setInterval> | undefined = undefined;
  #isDraining = false;

  constructor(listener: NodeListener, limits: ServerLimits) {
    this.#limits = limits;
    this.#abandoned = new AbandonedStreams(limits);
    const { maxConcurrentStreams, maxHeaderSize, maxHeadersCount } = limits;
    this.#server = loadHttp2().createServer({
      settings: {
        ...(maxConcurrentStreams === 0 ? {} : { maxConcurrentStreams }),
        ...(maxHeaderSize === 0 ? {} : { maxHeaderListSize: maxHeaderSize }),
      },
      ...(maxHeadersCount === 0 ? {} : { maxHeaderListPairs: maxHeadersCount }),
      // Far below Node's 1,000: no honest client sends even one.
      maxSessionInvalidFrames: 100,
    });
    this.#server.on("session", (session) => this.#onSession(session));
    this.#server.on("stream", (stream) => this.#onStream(stream));
    const serve: Http2Listener = (request, response) => {
      this.#abandoned.watch(response);
      listener(request, response);
    };
    this.#server.on("request", serve);
    this.#server.on("checkContinue", (request, response) => {
      markAwaitingContinue(request);
      serve(request, response);
    });
  }

  /** Begins to look for what takes too long. */
  watch(): void {
    this.#checker = setInterval(() => this.#check(), CHECKING_INTERVAL);
    this.#checker.unref();
  }

  readonly onConnection = (socket: Duplex): void => {
    socket.on("error", ignore);
    // HTTP/1 servers leave it open for their answer. Here it would hide that the client has gone.
    socket.allowHalfOpen = false;
    this.#server.emit("connection", socket);
  };

  #onSession(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    this.#waitingSessions.set(session, performance.now());
    session.once("localSettings", () => this.#waitingSessions.delete(session));
    session.once("close", () => {
      this.#sessions.delete(session);
      this.#waitingSessions.delete(session);
    });
    // Streams that are open stay open: only new ones go to another connection.
    session.setTimeout(this.#limits.http2IdleTimeout, () => session.close());
    if (this.#isDraining) {
      closeSoon(session);
    }
  }

  #onStream(stream: ServerHttp2Stream): void {
    this.streams.add(stream);
    if (!stream.endAfterHeaders) {
      this.#waitingStreams.set(stream, performance.now());
    }
    stream.once("close", () => {
      this.streams.delete(stream);
      this.#waitingStreams.delete(stream);
    });
  }

  /** What `headersTimeout` and `requestTimeout` are for HTTP/1, which Node has not for HTTP/2. */
  #check(): void {
    const { headersTimeout, requestTimeout } = this.#limits;
    const now = performance.now();
    for (const [session, since] of this.#waitingSessions) {
      if (headersTimeout > 0 && now - since > headersTimeout) {
        session.destroy();
      }
    }
    for (const [stream, since] of this.#waitingStreams) {
      if (requestTimeout > 0 && now - since > requestTimeout) {
        this.#waitingStreams.delete(stream);
        endUnfinished(stream);
      }
    }
    for (const stream of this.streams) {
      if (isCutOff(stream)) {
        stream.destroy();
      }
    }
  }

  /** GOAWAY, in two steps: requests that are on their way are still answered (RFC 9113 §6.8). */
  drain(): void {
    this.#isDraining = true;
    for (const session of this.#sessions) {
      closeSoon(session);
    }
  }

  destroy(): void {
    for (const session of this.#sessions) {
      session.destroy();
    }
  }

  /** Lets go of the timer. Only for a server whose connections have all ended. */
  release(): void {
    clearInterval(this.#checker);
  }
}

function closeSoon(session: ServerHttp2Session): void {
  if (!session.destroyed) {
    session.goaway(NO_ERROR, ANY_STREAM);
  }
  const timer = setTimeout(() => session.close(), LINGER);
  session.once("close", () => clearTimeout(timer));
}

/** The client has not sent its request to the end. */
function endUnfinished(stream: ServerHttp2Stream): void {
  if (stream.destroyed || stream.state.state !== STREAM_OPEN) {
    return;
  }
  if (!stream.headersSent) {
    stream.respond({ ":status": 408 }, { endStream: true });
  }
  // Whoever reads the body must not take what has come for all of it.
  stream.emit("aborted");
  stream.close(NO_ERROR);
}

/**
 * Whether the client has reset the stream with NO_ERROR before it had its answer. Node takes that for a proper end, and waits
 * for ever until what is left of the answer has been sent; sockets and sources wait with it.
 */
function isCutOff(stream: ServerHttp2Stream): boolean {
  return (
    stream.closed &&
    !stream.destroyed &&
    (stream.aborted || !stream.headersSent || !stream.writableFinished) &&
    stream.state.state === STREAM_UNKNOWN
  );
}

/** RFC 9113 §7. */
const NO_ERROR = 0;
/** NGHTTP2_STREAM_STATE_OPEN: neither side has ended. */
const STREAM_OPEN = 2;
/** NGHTTP2_STREAM_STATE_IDLE, which Node gives for those that have ended on the wire, too. */
const STREAM_UNKNOWN = 1;

function ignore(): void {}
