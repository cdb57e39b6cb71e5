import { ServerOptionError } from "./server-errors.ts";

/** What one server may take. Times are milliseconds, 0 is without limit; sizes are bytes. */
export interface ServerLimits {
  /** How long the head of a request, or a TLS handshake, may take (slowloris); then 408. Default 15 s. */
  readonly headersTimeout: number;
  /** How long a whole request may take, head and body; then 408. Default 60 s. */
  readonly requestTimeout: number;
  /** How long an HTTP/1 connection without a request is kept open. Default 5 s. */
  readonly keepAliveTimeout: number;
  /** How long an HTTP/2 connection on which nothing happens is kept open. Default 60 s. */
  readonly http2IdleTimeout: number;
  /** How long a handler may take to return its response, not to stream it; then 503. Default 60 s. */
  readonly handlerTimeout: number;
  /**
   * How long a client may take nothing of what waits to be sent to it, be it a body, a file, events or WebSocket
   * messages; then its connection is closed (one stream of HTTP/2, if the rest is not held up). It counts from the last
   * byte that was taken, so that a slow client is served however long it needs, and may last a quarter longer.
   * Default 60 s.
   */
  readonly sendTimeout: number;
  /** The whole head of a request; beyond it 431. Default 16 KiB. */
  readonly maxHeaderSize: number;
  /** The number of header lines; beyond it 431. Default 200. */
  readonly maxHeadersCount: number;
  /** Open connections; further ones are closed at once. Default 0, without limit. */
  readonly maxConnections: number;
  /** Requests on one HTTP/1 connection, the last of which closes it. Default 0, without limit. */
  readonly maxRequestsPerSocket: number;
  /**
   * Requests on one HTTP/1 connection that are answered at once (pipelining). Further ones wait for their turn, and
   * nothing more is read from the connection meanwhile; when more than 1,000 wait, they are the last. Default 100.
   */
  readonly maxPipelinedRequests: number;
  /** Open streams on one HTTP/2 connection. Default 100. */
  readonly maxConcurrentStreams: number;
}

export const DEFAULT_LIMITS: ServerLimits = /* @__PURE__ */ Object.freeze({
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 5_000,
  http2IdleTimeout: 60_000,
  handlerTimeout: 60_000,
  sendTimeout: 60_000,
  maxHeaderSize: 16_384,
  maxHeadersCount: 200,
  maxConnections: 0,
  maxRequestsPerSocket: 0,
  maxPipelinedRequests: 100,
  maxConcurrentStreams: 100,
});

/** setTimeout takes no more. */
const LARGEST = 2 ** 31 - 1;

/** Puts changes over limits; throws a `ServerOptionError` (`ARGANIA_SERVER_OPTION`) for what is none. */
export function mergeLimits(limits: ServerLimits, changes: Partial<ServerLimits>): ServerLimits {
  if (typeof changes !== "object" || changes === null) {
    throw new ServerOptionError("withLimits takes an object: withLimits({ maxConnections: 1_000 }).");
  }
  const merged: Record<string, number> = { ...limits };
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw new ServerOptionError(
        `There is no limit "${name}". The limits are ${Object.keys(DEFAULT_LIMITS).join(", ")}.`,
      );
    }
    if (value !== undefined) {
      merged[name] = checkedNumber(name, value);
    }
  }
  return Object.freeze(merged as unknown as ServerLimits);
}

/** Throws a `ServerOptionError` unless the value is a number of milliseconds, bytes or things. */
export function checkedNumber(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > LARGEST) {
    throw new ServerOptionError(`${name} must be an integer from 0 to ${LARGEST}, not ${String(value)}.`);
  }
  return value;
}
