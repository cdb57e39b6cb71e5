import type { DrainNotice } from "../common/drain-notice.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { UpgradeMeans } from "../common/protocol-switch.ts";
import type { BodyCollector } from "./body-collector.ts";
import type { BodyShare } from "./body-share.ts";
import type { NodeRequest } from "./node-types.ts";
import type { WhenAnswered } from "./request-outcome.ts";
import type { ConvertBytes, ReportFailure, RequestSource } from "./request-source.ts";
import { toRequest } from "./to-request.ts";

/** A request as those further inside of a layer see it: like the one outside but for what a subclass changes. */
export abstract class WrappedSource implements RequestSource {
  protected readonly source: RequestSource;

  constructor(source: RequestSource) {
    this.source = source;
  }

  get method(): string {
    return this.source.method;
  }

  get target(): string {
    return this.source.target;
  }

  get scheme(): "http" | "https" {
    return this.source.scheme;
  }

  get mountPath(): string {
    return this.source.mountPath;
  }

  get remoteAddress(): string {
    return this.source.remoteAddress;
  }

  get headers(): Headers {
    return this.source.headers;
  }

  get env(): unknown {
    return this.source.env;
  }

  get signal(): AbortSignal {
    return this.source.signal;
  }

  get abortReason(): unknown {
    return this.source.abortReason;
  }

  get body(): ReadableStream<Uint8Array> | null {
    return this.source.body;
  }

  get hostHeader(): string | null | undefined {
    return this.source.hostHeader;
  }

  get mayLackHost(): boolean {
    return this.source.mayLackHost;
  }

  get isJustRead(): boolean {
    return this.source.isJustRead;
  }

  get drainNotice(): DrainNotice | undefined {
    return this.source.drainNotice;
  }

  get nodeRequest(): NodeRequest | undefined {
    return this.source.nodeRequest;
  }

  get upgradeMeans(): UpgradeMeans {
    return this.source.upgradeMeans;
  }

  get reportFailure(): ReportFailure {
    return this.source.reportFailure;
  }

  header(name: string): string | undefined {
    return this.source.header(name);
  }

  readBytes<T>(limit: number, convert: ConvertBytes<T>, weight?: number): MaybePromise<T> {
    return this.source.readBytes(limit, convert, weight);
  }

  chunks(limit?: number): AsyncIterableIterator<Uint8Array> {
    return this.source.chunks(limit);
  }

  newCollector(limit: number, weight?: number, share?: BodyShare): BodyCollector {
    return this.source.newCollector(limit, weight, share);
  }

  toRequest(url: string, earlier?: Request): Request {
    return earlier ?? toRequest(this, url);
  }

  waitUntil(promise: Promise<unknown>): void {
    this.source.waitUntil(promise);
  }

  whenAnswered(callback: WhenAnswered): void {
    this.source.whenAnswered(callback);
  }
}
