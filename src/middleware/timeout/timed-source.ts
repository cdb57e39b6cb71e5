import { RequestContext } from "../../request/request-context.ts";
import type { RequestSource } from "../../request/request-source.ts";
import { WrappedSource } from "../../request/wrapped-source.ts";

/** A request whose signal is aborted when a time has passed, besides when the one outside of it is. */
export class TimedSource extends WrappedSource {
  #abort: AbortController | undefined = undefined;
  #reason: DOMException | undefined = undefined;

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

  /** Aborts the signal, also for those who ask for it later. */
  expire(reason: DOMException): void {
    this.#reason = reason;
    this.#abort?.abort(reason);
  }
}
