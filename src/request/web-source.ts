import { NO_BYTES } from "../common/byte-collector.ts";
import type { DrainNotice } from "../common/drain-notice.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { LinkSocket, UpgradeMeans } from "../common/protocol-switch.ts";
import { BodyAlreadyReadError, streamOfError } from "./body-already-read-error.ts";
import { BodyCollector } from "./body-collector.ts";
import { type BodyMemory, UNBOUNDED } from "./body-memory.ts";
import { type BodyShare, UNCOUNTED } from "./body-share.ts";
import { unmappedAddress } from "./ip-address.ts";
import { NO_CHUNKS } from "./no-chunks.ts";
import type { NodeRequest } from "./node-types.ts";
import { chunksOf, readStream } from "./read-stream.ts";
import type { WhenAnswered } from "./request-outcome.ts";
import {
  type ConvertBytes,
  type ReportFailure,
  type RequestSource,
  WAIT_UNTIL_FAILED,
} from "./request-source.ts";
import { keptBy } from "./to-request.ts";

/** What a fetch runtime tells besides the request, as far as it tells it. */
export interface WebConnection {
  /** A function where finding it out costs something. */
  readonly remoteAddress?: string | (() => string);
  readonly waitUntil?: (promise: Promise<unknown>) => void;
  /** The second argument of `fetch`: bindings, a server, connection info. */
  readonly env?: unknown;
  readonly reportFailure: ReportFailure;
  readonly bodyMemory?: BodyMemory;
  /** The method, where `Request` cannot hold it (`CONNECT`, `TRACE`). */
  readonly method?: string;
  /** The target and host as written, before a URL parser has folded anything. */
  readonly target?: string;
  readonly host?: string | undefined;
  /** The path that has been cut off in front of the target. */
  readonly mountPath?: string;
  /** Opens WebSockets within the process. */
  readonly linkSocket?: LinkSocket | undefined;
}

/** A web-standard `Request`. */
export class WebSource implements RequestSource {
  readonly method: string;
  readonly target: string;
  readonly hostHeader: string;
  readonly mayLackHost = false;
  readonly isJustRead = false;
  readonly drainNotice: DrainNotice | undefined = undefined;
  readonly nodeRequest: NodeRequest | undefined = undefined;
  /** The status of the response that is on its way: for whoever sends it. */
  sentStatus: number | undefined = undefined;
  #whenAnswered: WhenAnswered | undefined = undefined;
  /** Of a response that was handed over with nobody waiting for it, nobody has found out whether its client was still there. */
  #answer: { readonly status: number | undefined; readonly isComplete?: boolean } | undefined = undefined;
  readonly #request: Request;
  readonly #connection: WebConnection;
  #isRead = false;
  #readBody: ReadableStream<Uint8Array> | undefined = undefined;
  #readRequest: Request | undefined = undefined;

  constructor(request: Request, connection: WebConnection) {
    const { url } = request;
    const hostStart = url.indexOf("//") + 2;
    const pathStart = url.indexOf("/", hostStart);
    const fragment = url.indexOf("#", pathStart);
    this.method = connection.method ?? request.method;
    this.target = connection.target ?? url.slice(pathStart, fragment < 0 ? undefined : fragment);
    this.hostHeader = connection.host ?? url.slice(hostStart, pathStart);
    this.#request = request;
    this.#connection = connection;
  }

  get scheme(): "http" | "https" {
    return this.#request.url.startsWith("https:") ? "https" : "http";
  }

  get remoteAddress(): string {
    const connection = this.#connection;
    return unmappedAddress(
      typeof connection.remoteAddress === "function"
        ? connection.remoteAddress()
        : (connection.remoteAddress ?? ""),
    );
  }

  get env(): unknown {
    return this.#connection.env;
  }

  get mountPath(): string {
    return this.#connection.mountPath ?? "";
  }

  get upgradeMeans(): UpgradeMeans {
    const request = this.#request;
    const { linkSocket: link } = this.#connection;
    return link === undefined ? { kind: "web", request } : { kind: "in-process", request, link };
  }

  get headers(): Headers {
    return this.#request.headers;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  get abortReason(): unknown {
    return this.#request.signal.reason;
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#isRead) {
      this.#readBody ??= streamOfError(new BodyAlreadyReadError());
      return this.#readBody;
    }
    return this.#request.body as ReadableStream<Uint8Array> | null;
  }

  readBytes<T>(limit: number, convert: ConvertBytes<T>, weight?: number): MaybePromise<T> {
    const body = this.#unreadBody();
    if (body === null) {
      return convert(NO_BYTES);
    }
    const announced = Number(this.header("content-length"));
    if (announced > limit) {
      return convert("too-large");
    }
    if (announced > UNCOUNTED && this.#connection.bodyMemory?.isFull === true) {
      return convert("no-memory");
    }
    this.#isRead = true;
    return readStream(body, this.newCollector(limit, weight)).then(convert);
  }

  chunks(): AsyncIterableIterator<Uint8Array> {
    const body = this.#unreadBody();
    if (body === null) {
      return NO_CHUNKS;
    }
    this.#isRead = true;
    return chunksOf(body);
  }

  newCollector(limit: number, weight?: number, share?: BodyShare): BodyCollector {
    return new BodyCollector(limit, this.#connection.bodyMemory ?? UNBOUNDED, null, weight, share);
  }

  #unreadBody(): ReadableStream<Uint8Array> | null {
    const body = this.#request.body as ReadableStream<Uint8Array> | null;
    if (body !== null && (this.#request.bodyUsed || body.locked)) {
      throw new BodyAlreadyReadError();
    }
    return body;
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }

  /**
   * The runtime's own, unless its URL is spelled in another way than the one that all layers see (CONTRACT §3.1). After its
   * body has been read, one with a body that fails with the reason: the runtime's would say that it is "unusable".
   */
  toRequest(url: string, earlier?: Request): Request {
    if (earlier !== undefined && (!this.#isRead || earlier === this.#readRequest)) {
      return earlier;
    }
    const request = this.#request;
    if (request.method !== this.method) {
      throw new TypeError(`A web Request cannot have the method ${this.method}: use the context itself.`);
    }
    if (this.#isRead) {
      // Not `this.body`, which somebody may have taken hold of.
      const body = streamOfError(new BodyAlreadyReadError());
      const read = keptBy(this.signal, new Request(request, { body, duplex: "half" } as RequestInit));
      this.#readRequest = this.#copy(url, read);
      return this.#readRequest;
    }
    return request.url === url ? request : this.#copy(url, request);
  }

  #copy(url: string, request: Request): Request {
    return keptBy(this.signal, request.url === url ? request : new Request(url, request));
  }

  /** Whether somebody wants to know when the response is over. */
  get isAwaited(): boolean {
    return this.#whenAnswered !== undefined;
  }

  whenAnswered(callback: WhenAnswered): void {
    this.#whenAnswered = callback;
    const { signal } = this.#request;
    if (this.#answer !== undefined) {
      callback(this.#answer.status, this.#answer.isComplete ?? !signal.aborted);
    } else if (signal.aborted) {
      this.noteAnswered(undefined, false);
    } else {
      // A client that goes away tells nothing else, and its handler may never return.
      signal.addEventListener("abort", () => this.noteAnswered(this.sentStatus, false), { once: true });
    }
  }

  /** Tells that the response is over; the first call counts. */
  noteAnswered(status: number | undefined, isComplete: boolean): void {
    if (this.#answer === undefined) {
      this.#answer = { status, isComplete };
      this.#whenAnswered?.(status, isComplete);
    }
  }

  /** Tells that the runtime has the response. Where nobody waits for that, the signal is left alone: on Node 20 it costs half a microsecond. */
  noteHandedOver(status: number): void {
    if (this.isAwaited) {
      this.noteAnswered(status, !this.#request.signal.aborted);
    } else {
      this.#answer = { status };
    }
  }

  get reportFailure(): ReportFailure {
    return this.#connection.reportFailure;
  }

  waitUntil(promise: Promise<unknown>): void {
    const settled = Promise.resolve(promise).catch((error: unknown) =>
      this.#connection.reportFailure(error, WAIT_UNTIL_FAILED),
    );
    this.#connection.waitUntil?.(settled);
  }
}
