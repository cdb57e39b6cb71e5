import { NO_BYTES } from "../common/byte-collector.ts";
import type { DrainNotice } from "../common/drain-notice.ts";
import { LightHeaders } from "../common/light-headers.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { UpgradeMeans } from "../common/protocol-switch.ts";
import { hasBody, NodeBody } from "./node-body.ts";
import { rawHeader } from "./node-headers.ts";
import type { NodeRequest, NodeResponseEvents } from "./node-types.ts";
import type { ConvertBytes, RequestSource } from "./request-source.ts";

/** Called with the failure of a promise given to `waitUntil`. */
export type ReportFailure = (error: unknown) => void;

/** A request as `node:http` and `node:http2` hand it over. */
export class NodeSource implements RequestSource {
  readonly method: string;
  readonly target: string;
  /** Whether there is an `Upgrade` header. Known once `hostHeader` has been asked for, which looks at all names. */
  hasUpgradeHeader = false;
  #upgradeMeans: UpgradeMeans | undefined = undefined;
  readonly drainNotice: DrainNotice | undefined;
  readonly #request: NodeRequest;
  readonly #response: NodeResponseEvents;
  readonly #reportFailure: ReportFailure;
  readonly #isOwn: boolean;
  #headers: LightHeaders | undefined = undefined;
  #abort: AbortController | undefined = undefined;
  #body: NodeBody | null | undefined = undefined;

  /** @param isOwn whether nobody else will read the request, as a middleware behind this one would */
  constructor(
    request: NodeRequest,
    response: NodeResponseEvents,
    reportFailure: ReportFailure,
    isOwn = false,
    drainNotice: DrainNotice | undefined = undefined,
  ) {
    this.method = request.method ?? "GET";
    this.target = request.url ?? "/";
    this.#request = request;
    this.#response = response;
    this.#reportFailure = reportFailure;
    this.#isOwn = isOwn;
    this.drainNotice = drainNotice;
  }

  get scheme(): "http" | "https" {
    return this.#request.socket?.encrypted === true ? "https" : "http";
  }

  get mountPath(): string {
    const { originalUrl } = this.#request;
    if (originalUrl === undefined) {
      return "";
    }
    const mount = originalUrl.endsWith(this.target) ? originalUrl.slice(0, -this.target.length) : "";
    return MOUNT_PATH.test(mount) ? mount : "";
  }

  get remoteAddress(): string {
    return this.#request.socket?.remoteAddress ?? "";
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
          abort.abort(new DOMException("The client closed the connection.", "AbortError"));
        }
      };
      const { closed, destroyed, stream } = this.#response;
      if (closed === true || destroyed === true || stream?.destroyed === true) {
        onClose();
      } else {
        this.#response.once("close", onClose);
      }
    }
    return this.#abort.signal;
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

  readBytes<T>(limit: number, convert: ConvertBytes<T>): MaybePromise<T> {
    const body = this.#nodeBody();
    return body === null ? convert(NO_BYTES) : body.readBytes(limit, convert);
  }

  #nodeBody(): NodeBody | null {
    if (this.#body === undefined) {
      this.#body = hasBody(this.#request) ? new NodeBody(this.#request, this.#response, this.#isOwn) : null;
    }
    return this.#body;
  }

  toRequest(url: string): Request {
    if (UNREQUESTABLE.has(this.method)) {
      throw new TypeError(`A web Request cannot have the method ${this.method}: use the context itself.`);
    }
    // The Fetch Standard (§5.4) has no body for these, HTTP has: it stays readable as `context.body`.
    const body = this.method === "GET" || this.method === "HEAD" ? null : this.body;
    const init = { method: this.method, headers: [...this.headers], signal: this.signal };
    return new Request(url, body === null ? init : ({ ...init, body, duplex: "half" } as RequestInit));
  }

  waitUntil(promise: Promise<unknown>): void {
    Promise.resolve(promise).catch(this.#reportFailure);
  }
}

/** Node calls an HTTP/2 stream finished when it was reset, too. */
function isUnfinished({ stream, writableFinished }: NodeResponseEvents): boolean {
  return stream === undefined ? !writableFinished : stream.aborted === true || (stream.rstCode ?? 0) !== 0;
}

/** Methods that the Fetch Standard keeps out of `Request` (§2.2.1). */
const UNREQUESTABLE: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Begins with one slash only: put in front of a redirect, two would name another host. */
const MOUNT_PATH = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/;

/** Raw names in lower case, HTTP/2 pseudo headers left out, cookie crumbs joined (RFC 9113 §8.2.3). */
function lightHeadersOf(rawHeaders: readonly string[]): LightHeaders {
  const list: string[] = [];
  let cookie = -1;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    const value = rawHeaders[index + 1] as string;
    if (name === "cookie" && cookie >= 0) {
      list[cookie] += `; ${value}`;
    } else if (name.charCodeAt(0) !== COLON) {
      list.push(name, value);
      if (name === "cookie") {
        cookie = list.length - 1;
      }
    }
  }
  return new LightHeaders(list);
}

const COLON = 58;
