import { NO_BYTES } from "../common/byte-collector.ts";
import type { DrainNotice } from "../common/drain-notice.ts";
import type { LightHeaders } from "../common/light-headers.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { UpgradeMeans } from "../common/protocol-switch.ts";
import { boundToRequest } from "../common/request-binding.ts";
import { BodyCollector } from "./body-collector.ts";
import { type BodyMemory, UNBOUNDED } from "./body-memory.ts";
import type { BodyShare } from "./body-share.ts";
import { unmappedAddress } from "./ip-address.ts";
import { MOUNT_PATH } from "./mount-path.ts";
import { NO_CHUNKS } from "./no-chunks.ts";
import { onAnswered } from "./node-answered.ts";
import { hasBody, NodeBody } from "./node-body.ts";
import { isDeferred } from "./node-deferred.ts";
import { lightHeadersOf, rawHeader } from "./node-headers.ts";
import { isClosed, type NodeRequest, type NodeResponseEvents, onceClosed } from "./node-types.ts";
import type { WhenAnswered } from "./request-outcome.ts";
import {
  type ConvertBytes,
  type ReportFailure,
  type RequestSource,
  WAIT_UNTIL_FAILED,
} from "./request-source.ts";
import { toRequest } from "./to-request.ts";

/** What is the same for all requests of a listener. */
export interface NodeSourceOptions {
  readonly reportFailure: ReportFailure;
  /** Whether nobody else will read the request, as a middleware behind this one would. */
  readonly isOwn?: boolean;
  readonly memory?: BodyMemory;
  readonly drainNotice?: DrainNotice | undefined;
  /** What has been cut off in front of the target, where the request does not tell. */
  readonly mountPath?: string;
}

/** A request as `node:http` and `node:http2` hand it over. */
export class NodeSource implements RequestSource {
  readonly method: string;
  readonly target: string;
  /** Whether there is an `Upgrade` header. Known once `hostHeader` has been asked for, which looks at all names. */
  hasUpgradeHeader = false;
  /** Set when its answer is waited for. */
  hasWaited = false;
  #upgradeMeans: UpgradeMeans | undefined = undefined;
  readonly #request: NodeRequest;
  readonly #response: NodeResponseEvents;
  readonly #options: NodeSourceOptions;
  #headers: LightHeaders | undefined = undefined;
  #abort: AbortController | undefined = undefined;
  #body: NodeBody | null | undefined = undefined;
  #mountPath: string | undefined = undefined;

  constructor(request: NodeRequest, response: NodeResponseEvents, options: NodeSourceOptions) {
    this.method = request.method ?? "GET";
    this.target = request.url ?? "/";
    this.#request = request;
    this.#response = response;
    this.#options = options;
  }

  /**
   * On HTTP/1 a response has no socket as long as an earlier one has it, to a request that was read together with this one;
   * one that had to wait for its turn was read earlier, and one that asks for an upgrade may have been. Of HTTP/2 nobody knows.
   */
  get isJustRead(): boolean {
    return (
      this.#options.isOwn === true &&
      !this.hasWaited &&
      !this.hasUpgradeHeader &&
      this.#request.httpVersionMajor < 2 &&
      this.#response.socket !== null &&
      !isDeferred(this.#request)
    );
  }

  get drainNotice(): DrainNotice | undefined {
    return this.#options.drainNotice;
  }

  get scheme(): "http" | "https" {
    return this.#request.socket?.encrypted === true ? "https" : "http";
  }

  /** Stays what it was when it was first asked for: middleware of Connect inside may write an `originalUrl` of its own. */
  get mountPath(): string {
    this.#mountPath ??= this.#findMountPath();
    return this.#mountPath;
  }

  #findMountPath(): string {
    const { originalUrl } = this.#request;
    if (originalUrl === undefined) {
      return this.#options.mountPath ?? "";
    }
    const mount = originalUrl.endsWith(this.target) ? originalUrl.slice(0, -this.target.length) : "";
    return MOUNT_PATH.test(mount) ? mount : "";
  }

  get remoteAddress(): string {
    return unmappedAddress(this.#request.socket?.remoteAddress ?? "");
  }

  get mayLackHost(): boolean {
    return this.#request.httpVersionMajor === 1 && this.#request.httpVersionMinor === 0;
  }

  /** Node's own `headers` keeps the first of two hosts and says nothing. */
  get hostHeader(): string | null | undefined {
    const { rawHeaders } = this.#request;
    let host: string | undefined;
    let authority: string | undefined;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] as string;
      if (name.length === 4 && (name === "Host" || name === "host" || name.toLowerCase() === "host")) {
        if (host !== undefined) {
          return null;
        }
        host = rawHeaders[index + 1] as string;
      } else if (name.length === 7 && name.toLowerCase() === "upgrade") {
        this.hasUpgradeHeader = true;
      } else if (name === ":authority") {
        authority = rawHeaders[index + 1] as string;
      }
    }
    return authority ?? host;
  }

  /** Set by whoever has tried to take Node's parser off the connection. */
  set upgradeMeans(means: UpgradeMeans) {
    this.#upgradeMeans = means;
  }

  get upgradeMeans(): UpgradeMeans {
    const problem = this.#request.httpVersionMajor >= 2 ? "http2" : "not-asked";
    return this.#upgradeMeans ?? { kind: "none", problem };
  }

  get nodeRequest(): NodeRequest | undefined {
    if (this.#request.httpVersionMajor >= 2) {
      return undefined;
    }
    this.#nodeBody()?.share();
    return this.#request;
  }

  get env(): undefined {
    return undefined;
  }

  get headers(): LightHeaders {
    this.#headers ??= lightHeadersOf(this.#request.rawHeaders);
    return this.#headers;
  }

  header(name: string): string | undefined {
    if (this.#headers !== undefined) {
      return this.#headers.get(name) ?? undefined;
    }
    return rawHeader(this.#request.rawHeaders, name);
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController();
      this.#abort = abort;
      const onClose = () => {
        if (isUnfinished(this.#response)) {
          abort.abort(new DOMException("The connection was closed.", "AbortError"));
        }
      };
      if (isClosed(this.#response)) {
        onClose();
      } else {
        onceClosed(this.#response, boundToRequest(onClose));
      }
    }
    return this.#abort.signal;
  }

  get abortReason(): unknown {
    return this.#abort?.signal.reason;
  }

  /** Aborts `signal` for another reason than the client's going away. */
  abort(reason: DOMException): void {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
    }
    this.#abort.abort(reason);
  }

  get body(): ReadableStream<Uint8Array> | null {
    return this.#nodeBody()?.stream ?? null;
  }

  readBytes<T>(limit: number, convert: ConvertBytes<T>, weight?: number): MaybePromise<T> {
    const body = this.#nodeBody();
    return body === null ? convert(NO_BYTES) : body.readBytes(limit, convert, weight);
  }

  chunks(): AsyncIterableIterator<Uint8Array> {
    return this.#nodeBody()?.chunks() ?? NO_CHUNKS;
  }

  newCollector(limit: number, weight?: number, share?: BodyShare): BodyCollector {
    const { memory = UNBOUNDED } = this.#options;
    return (
      this.#nodeBody()?.newCollector(limit, weight, share) ??
      new BodyCollector(limit, memory, null, weight, share)
    );
  }

  #nodeBody(): NodeBody | null {
    if (this.#body === undefined) {
      const { isOwn = false, memory = UNBOUNDED } = this.#options;
      this.#body = hasBody(this.#request) ? new NodeBody(this.#request, this.#response, isOwn, memory) : null;
    }
    return this.#body;
  }

  toRequest(url: string, earlier?: Request): Request {
    return earlier ?? toRequest(this, url);
  }

  waitUntil(promise: Promise<unknown>): void {
    const { reportFailure } = this.#options;
    Promise.resolve(promise).catch((error: unknown) => reportFailure(error, WAIT_UNTIL_FAILED));
  }

  whenAnswered(callback: WhenAnswered): void {
    const response = this.#response;
    onAnswered(this.#request, response, () =>
      callback(response.headersSent ? response.statusCode : undefined, !isUnfinished(response)),
    );
  }

  get reportFailure(): ReportFailure {
    return this.#options.reportFailure;
  }
}

/** Node calls an HTTP/2 stream finished when it was reset, too, and one for HEAD from the beginning. */
function isUnfinished({ stream, headersSent, writableFinished }: NodeResponseEvents): boolean {
  return stream === undefined
    ? !writableFinished
    : stream.aborted === true || !headersSent || (stream.rstCode ?? 0) !== 0;
}
