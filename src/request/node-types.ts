import type { EndableSocket } from "./node-closing.ts";

/**
 * The parts of `node:http` and `node:http2` objects that the framework touches, spelled out here so that nothing
 * but `src/server` imports Node's network modules, not even for types.
 */
export interface NodeSocket extends EndableSocket {
  readonly remoteAddress?: string | undefined;
  readonly encrypted?: boolean;
  /** The `http.Server` or `https.Server` that it belongs to. `null` by the types for Node 26. */
  readonly server?: NodeServerEvents | null | undefined;
  on?(event: string, listener: (...values: unknown[]) => void): unknown;
  off?(event: string, listener: (...values: unknown[]) => void): unknown;
  resume?(): unknown;
}

/** The parts of a server that upgrades take. */
export interface NodeServerEvents {
  on(event: "upgrade", listener: (...values: unknown[]) => void): unknown;
  off(event: "upgrade", listener: (...values: unknown[]) => void): unknown;
  listenerCount(event: "upgrade"): number;
}

/** An `Http2Stream`. */
export interface NodeStreamState {
  readonly endAfterHeaders?: boolean;
  readonly destroyed?: boolean;
  readonly closed?: boolean;
  readonly aborted?: boolean;
  readonly rstCode?: number | undefined;
  once?(event: "close" | "finish", listener: () => void): unknown;
  close?(code?: number): unknown;
  emit?(event: "aborted"): unknown;
}

/** An `IncomingMessage` or an `Http2ServerRequest`. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
  /** Has Node take its parser off the connection and emit `"upgrade"`, when its parser has come to the end of the head. */
  upgrade?: boolean | null;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  readonly complete: boolean;
  readonly readableDidRead?: boolean;
  readonly readableEnded?: boolean;
  readonly readableFlowing?: boolean | null;
  readonly readableLength?: number;
  /** Node's parser calls it with each chunk of the body, and with `null` at its end. */
  push?: (chunk: Uint8Array | null) => boolean;
  readonly _readableState?: { endEmitted: boolean };
  /** Called when somebody begins to read its stream. */
  _read?: (size: number) => void;
  /** Node's mark of a request whose body nobody wants any more. */
  _dumped?: boolean;
  /** Set by `setEncoding`, after which chunks are strings. */
  readonly readableEncoding?: string | null;
  /** Set by Connect and Express, which cut the path of a mount off `url`. */
  readonly originalUrl?: string;
  readonly destroyed?: boolean;
  /** Whether the client went away before the end: of the request on HTTP/1, of the response on HTTP/2. */
  readonly aborted?: boolean;
  readonly socket?: NodeSocket | undefined;
  /** Only on HTTP/2. */
  readonly stream?: NodeStreamState | undefined;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  off(event: string, listener: (...values: unknown[]) => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** What the request side needs of a `ServerResponse`. */
export interface NodeResponseEvents {
  readonly writableFinished: boolean;
  readonly statusCode?: number;
  readonly destroyed?: boolean;
  readonly closed?: boolean;
  readonly headersSent: boolean;
  /** Only on HTTP/2, where the response itself does not tell that it was closed. */
  readonly stream?: NodeStreamState | undefined;
  /** `null` on HTTP/1 as long as an earlier response has it. */
  readonly socket?: unknown;
  /** Only on HTTP/1: whether the connection may be used again. */
  shouldKeepAlive?: boolean;
  once(event: string, listener: (...values: unknown[]) => void): unknown;
  writeContinue?(): void;
}

/** Whether the response is over, so that its "close" event will not come any more. */
export function isClosed({ closed, destroyed, stream }: NodeResponseEvents): boolean {
  return closed === true || destroyed === true || stream?.destroyed === true;
}

/**
 * Calls back when the response is over, whether it was sent or not. The response of Node's HTTP/2 itself tells nothing of a
 * HEAD whose client goes away before its answer.
 */
export function onceClosed(response: NodeResponseEvents, callback: () => void): void {
  const { stream } = response;
  if (stream?.once === undefined) {
    response.once("close", callback);
  } else {
    stream.once("close", callback);
  }
}
