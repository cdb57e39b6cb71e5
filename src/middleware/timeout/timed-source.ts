import { RequestContext } from "../../request/request-context.ts";
import type { RequestSource } from "../../request/request-source.ts";
import { toRequest } from "../../request/to-request.ts";
import { WrappedSource } from "../../request/wrapped-source.ts";

/** A request whose signal is aborted when a time has passed, besides when the one outside of it is. */
export class TimedSource extends WrappedSource {
  #abort: AbortController | undefined = undefined;
  #reason: DOMException | undefined = undefined;
  /** The one that whoever is further out has asked for. */
  readonly #outerRequest: Request | undefined;

  constructor(source: RequestSource, outerRequest: Request | undefined) {
    super(source);
    this.#outerRequest = outerRequest ?? (source instanceof TimedSource ? source.#outerRequest : undefined);
  }

  /**
   * Puts one in place for whoever is further inside.
   *
   * @param expired the one of the same layer before, in the place of which it comes
   */
  static of(context: RequestContext, expired: TimedSource | undefined): TimedSource {
    let timed: TimedSource | undefined;
    RequestContext.replaceSource(context, (source, request) => {
      timed =
        expired === undefined
          ? new TimedSource(source, request)
          : new TimedSource(expired.source, expired.#outerRequest);
      return timed;
    });
    return timed as unknown as TimedSource;
  }

  /** Made when somebody asks. It follows the outer signal for good: a stream may go on with it after the response. */
  override get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController();
      this.#abort = abort;
      const outer = this.source.signal;
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

  override get abortReason(): unknown {
    return this.#reason ?? super.abortReason;
  }

  /** With the headers and the body of the outer one, which a layer may have changed. One whose body is being read stays. */
  override toRequest(url: string, earlier?: Request): Request {
    const outer = this.#outerRequest;
    if (earlier !== undefined || outer === undefined) {
      return super.toRequest(url, earlier);
    }
    if (outer.bodyUsed || outer.body?.locked === true) {
      return outer;
    }
    const { method, signal } = this;
    return toRequest(
      { method, headers: outer.headers, signal, body: outer.body as RequestSource["body"] },
      url,
    );
  }

  /** Aborts the signal, also for those who ask for it later. */
  expire(reason: DOMException): void {
    this.#reason = reason;
    this.#abort?.abort(reason);
  }
}
