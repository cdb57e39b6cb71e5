import type { DrainNotice } from "../../common/drain-notice.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";
import type { UpgradeMeans } from "../../common/protocol-switch.ts";
import type { BodyCollector } from "../../request/body-collector.ts";
import type { BodyShare } from "../../request/body-share.ts";
import type { NodeRequest } from "../../request/node-types.ts";
import { RequestContext } from "../../request/request-context.ts";
import type { WhenAnswered } from "../../request/request-outcome.ts";
import type { ConvertBytes, ReportFailure, RequestSource } from "../../request/request-source.ts";
import { toRequest } from "../../request/to-request.ts";

/** A request whose signal is aborted when a time has passed, besides when the one outside of it is. */
export class TimedSource implements RequestSource {
  readonly method: string;
  readonly #source: RequestSource;
  #abort: AbortController | undefined = undefined;
  #reason: DOMException | undefined = undefined;

  constructor(source: RequestSource) {
    this.method = source.method;
    this.#source = source;
  }

  /** Puts one in place for whoever is further inside. */
  static of(context: RequestContext): TimedSource {
    let timed: TimedSource | undefined;
    const replace = (source: RequestSource) => {
      timed = new TimedSource(source);
      return timed;
    };
    RequestContext.replaceSource(context, replace, true);
    return timed as unknown as TimedSource;
  }

  /** Made when somebody asks. It follows the outer signal for good: a stream may go on with it after the response. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController();
      this.#abort = abort;
      const outer = this.#source.signal;
      if (this.#reason !== undefined) {
        abort.abort(this.#reason);
      } else if (outer.aborted) {
        abort.abort(outer.reason);
      } else {
        outer.addEventListener("abort", () => abort.abort(outer.reason), { once: true });
      }
    }
    return this.#abort.signal;
  }

  /** Aborts the signal, also for those who ask for it later. */
  expire(reason: DOMException): void {
    this.#reason = reason;
    this.#abort?.abort(reason);
  }

  get target(): string {
    return this.#source.target;
  }

  get scheme(): "http" | "https" {
    return this.#source.scheme;
  }

  get mountPath(): string {
    return this.#source.mountPath;
  }

  get remoteAddress(): string {
    return this.#source.remoteAddress;
  }

  get headers(): Headers {
    return this.#source.headers;
  }

  get env(): unknown {
    return this.#source.env;
  }

  get body(): ReadableStream<Uint8Array> | null {
    return this.#source.body;
  }

  get hostHeader(): string | null | undefined {
    return this.#source.hostHeader;
  }

  get mayLackHost(): boolean {
    return this.#source.mayLackHost;
  }

  get drainNotice(): DrainNotice | undefined {
    return this.#source.drainNotice;
  }

  get nodeRequest(): NodeRequest | undefined {
    return this.#source.nodeRequest;
  }

  get reportFailure(): ReportFailure {
    return this.#source.reportFailure;
  }

  get upgradeMeans(): UpgradeMeans {
    return this.#source.upgradeMeans;
  }

  header(name: string): string | undefined {
    return this.#source.header(name);
  }

  readBytes<T>(limit: number, convert: ConvertBytes<T>, weight?: number): MaybePromise<T> {
    return this.#source.readBytes(limit, convert, weight);
  }

  chunks(limit?: number): AsyncIterableIterator<Uint8Array> {
    return this.#source.chunks(limit);
  }

  newCollector(limit: number, weight?: number, share?: BodyShare): BodyCollector {
    return this.#source.newCollector(limit, weight, share);
  }

  toRequest(url: string): Request {
    return toRequest(this, url);
  }

  waitUntil(promise: Promise<unknown>): void {
    this.#source.waitUntil(promise);
  }

  whenAnswered(callback: WhenAnswered): void {
    this.#source.whenAnswered(callback);
  }
}
