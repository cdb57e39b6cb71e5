import type { DrainNotice } from "../../common/drain-notice.ts";
import type { UpgradeMeans } from "../../common/protocol-switch.ts";
import type { BodyCollector } from "../../request/body-collector.ts";
import type { BodyShare } from "../../request/body-share.ts";
import type { WhenAnswered } from "../../request/request-outcome.ts";
import type { ReportFailure, RequestSource } from "../../request/request-source.ts";
import { WebSource } from "../../request/web-source.ts";

/** A request as a middleware hands it on: its headers, body and signal are those of another one, all else stays. */
export class HandedOnSource extends WebSource {
  override readonly drainNotice: DrainNotice | undefined;
  readonly #source: RequestSource;

  constructor(source: RequestSource, request: Request) {
    super(request, {
      method: source.method,
      target: source.target,
      host: source.hostHeader ?? "",
      reportFailure: () => {},
    });
    this.#source = source;
    this.drainNotice = source.drainNotice;
  }

  override get scheme(): "http" | "https" {
    return this.#source.scheme;
  }

  override get mountPath(): string {
    return this.#source.mountPath;
  }

  override get remoteAddress(): string {
    return this.#source.remoteAddress;
  }

  override get env(): unknown {
    return this.#source.env;
  }

  override get upgradeMeans(): UpgradeMeans {
    return this.#source.upgradeMeans;
  }

  override newCollector(limit: number, weight?: number, share?: BodyShare): BodyCollector {
    return this.#source.newCollector(limit, weight, share);
  }

  override whenAnswered(callback: WhenAnswered): void {
    this.#source.whenAnswered(callback);
  }

  override get reportFailure(): ReportFailure {
    return this.#source.reportFailure;
  }

  override waitUntil(promise: Promise<unknown>): void {
    this.#source.waitUntil(promise);
  }
}
