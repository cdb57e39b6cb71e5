import type { DrainNotice } from "../common/drain-notice.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { UpgradeMeans } from "../common/protocol-switch.ts";
import type { BodyCollector, BodyRefusal } from "./body-collector.ts";
import type { BodyShare } from "./body-share.ts";
import type { NodeRequest } from "./node-types.ts";
import type { WhenAnswered } from "./request-outcome.ts";

/** Called with a whole body, or with why there is none. Part of reading, so that one promise is enough. */
export type ConvertBytes<T> = (body: Uint8Array | BodyRefusal) => MaybePromise<T>;

/** Tells the logger of a failure that no response can tell of. */
export type ReportFailure = (error: unknown, message: string) => void;

export const WAIT_UNTIL_FAILED = "A promise given to waitUntil was rejected";

/**
 * What a runtime hands over of one request. The context asks only for what a handler asks of it, so a source
 * computes nothing in advance.
 */
export interface RequestSource {
  readonly method: string;
  /** Origin, absolute or asterisk form (RFC 9112 §3.2), as the client sent it. */
  readonly target: string;
  readonly scheme: "http" | "https";
  /** The path that the service is mounted at, in front of `target`: as Connect and Express have it, else empty. */
  readonly mountPath: string;
  /** The address at the other end of the connection, IPv4 as IPv4; empty when the runtime does not tell. */
  readonly remoteAddress: string;
  readonly headers: Headers;
  /** What a fetch runtime passes beside the request. */
  readonly env: unknown;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Why `signal` is aborted, if it is known to be: asking makes no signal, which takes microseconds. */
  readonly abortReason: unknown;
  /** The one body of the request as a stream, the same one at each call; `null` when it has none. */
  readonly body: ReadableStream<Uint8Array> | null;

  /** The value of `Host` (or `:authority`); `null` when it is repeated, which no honest client does (RFC 9112 §3.2). */
  readonly hostHeader: string | null | undefined;
  /** HTTP/1.0 requests may lack a host. */
  readonly mayLackHost: boolean;
  /**
   * Whether a server of ours has read it in this very turn of the event loop, behind no other request of its connection,
   * and nothing has been waited for since.
   */
  readonly isJustRead: boolean;
  /** Given when the server drains; there is none where the runtime does not tell. */
  readonly drainNotice: DrainNotice | undefined;

  /**
   * The `IncomingMessage` of HTTP/1, for whoever hands it to somebody else, who may read it. There is none elsewhere: an
   * `Http2ServerRequest` is no `IncomingMessage`, and what is made for one does not work on it.
   */
  readonly nodeRequest: NodeRequest | undefined;

  /** How the connection can change its protocol. */
  readonly upgradeMeans: UpgradeMeans;

  /** One header, several values joined by ", "; cheaper than through `headers`. */
  header(name: string): string | undefined;
  /**
   * What `convert` makes of the whole body, which is empty when there is none, or of why there is none: it may be longer than
   * `limit` bytes. What `Content-Length` says is believed only if it is too much: then nothing is read. Fails with
   * `BodyAlreadyReadError` when anybody has begun to read.
   *
   * @param weight how many bytes one of the body counts for in the memory of the service, 1 by default
   */
  readBytes<T>(limit: number, convert: ConvertBytes<T>, weight?: number): MaybePromise<T>;
  /**
   * The body chunk by chunk, no faster than it is taken; nothing when there is none. For one reader that asks for one chunk
   * at a time. `return()` lets go of the rest at once, also while a chunk is waited for. Fails as `readBytes` does.
   *
   * @param limit how many bytes the reader takes at most, without a limit by default. The reader counts them: this lets a
   *   source that decodes bound what comes over the network, and fail with a `BodyLimitError` when that is too much
   */
  chunks(limit?: number): AsyncIterableIterator<Uint8Array>;
  /**
   * Puts together a body of `limit` bytes at most, counted with the other bodies of the service.
   *
   * @param share for pieces of one body that are counted together
   */
  newCollector(limit: number, weight?: number, share?: BodyShare): BodyCollector;
  /**
   * The request for `url` as the platform's own `Request`, with the same body.
   *
   * @param earlier what this has returned for the same `url`: returned again unless its body tells no more what became of it
   */
  toRequest(url: string, earlier?: Request): Request;
  /** Keeps the process or the worker alive until `promise` has settled. */
  waitUntil(promise: Promise<unknown>): void;
  /** Calls back when the response is over, or its client has gone: once, or again with what counts for nothing. */
  whenAnswered(callback: WhenAnswered): void;
  /** Reports what fails beside the response. */
  readonly reportFailure: ReportFailure;
}
