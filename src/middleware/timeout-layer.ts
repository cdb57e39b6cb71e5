import { withoutStack } from "../common/argania-error.ts";
import { assertOptions, wholeNumberOption } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import { isPromiseLike } from "../common/maybe-promise.ts";
import { Deadlines } from "../handler/deadlines.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler, type WrappingLayer } from "../handler/layer.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { LightResponse } from "../response/light-response.ts";
import { discardResult } from "../response/node-send.ts";
import { HandlerTimeoutError } from "../response/routing-errors.ts";
import { TimedSource } from "./timeout/timed-source.ts";

export interface TimeoutOptions {
  /**
   * The status of the answer: 503 by default; 504 where what is inside waits for another server; 408 where it is the
   * client that is slow, as with a body.
   */
  readonly status?: 408 | 503 | 504;
}

/** What timers take: 2^31 - 1 ms, about 25 days. */
const LONGEST = 2_147_483_647;
const STATUSES: readonly unknown[] = [408, 503, 504];

/**
 * Limits how long what is inside of it may take to return its response. Then `context.signal` is aborted with a
 * `TimeoutError`, and a `HandlerTimeoutError` (`ARGANIA_HANDLER_TIMEOUT`) goes outwards, which an `ErrorHandlerLayer` may catch; else
 * the client gets a 503.
 *
 * - JavaScript cannot be stopped: what is inside goes on until it heeds the signal. What it returns then is let go of, a body
 *   closed; what it throws is dropped.
 * - The time is until the response is returned. A stream may take longer to be sent: `sendTimeout` of the server is for that.
 * - The signal is that of the request for what is inside. A layer outside that goes on after a timeout takes
 *   `context.signal` before it calls `next()`: that one is not aborted.
 * - A handler that returns at once is never late, and costs no timer and no promise. All others of one layer share a timer.
 *
 * Throws a `TypeError` or `RangeError` for a time that is none, and for options that there are not.
 *
 * @example
 * ```ts
 * root.subresource("/report").addLayerTo(_requestHandler(new TimeoutLayer(5_000)));
 * ```
 * Source: tower-http, `TimeoutLayer`.
 */
export class TimeoutLayer implements WrappingLayer {
  readonly #deadlines: Deadlines;
  readonly #status: number;

  /** @param milliseconds 1 to 2,147,483,647 */
  constructor(milliseconds: number, options: TimeoutOptions = {}) {
    if (typeof milliseconds !== "number") {
      throw new TypeError(
        `TimeoutLayer takes milliseconds, not ${describeValue(milliseconds)}: write new TimeoutLayer(5_000).`,
      );
    }
    const range = { least: 1, greatest: LONGEST, preset: LONGEST };
    this.#deadlines = new Deadlines(wholeNumberOption("TimeoutLayer", "milliseconds", milliseconds, range));
    assertOptions("TimeoutLayer", options, ["status"]);
    const { status = 503 } = options;
    if (!STATUSES.includes(status)) {
      const given = typeof status === "number" ? String(status) : describeValue(status);
      throw new TypeError(`status of TimeoutLayer is one of ${STATUSES.join(", ")}, not ${given}.`);
    }
    this.#status = status;
  }

  wrap(handler: ResponseHandler): Handler {
    // Where a layer further out tries again, what was aborted is not what it begins with.
    const expired = new WeakMap<RequestContext, TimedSource>();
    return asResponseHandler((context, args) => {
      const source = TimedSource.of(context, expired.get(context));
      const answer = handler(context, args);
      return isPromiseLike(answer)
        ? this.#inTime(answer, source, () => expired.set(context, source))
        : answer;
    });
  }

  #inTime(
    answer: PromiseLike<LightResponse>,
    source: TimedSource,
    onExpiry: () => void,
  ): Promise<LightResponse> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const deadline = this.#deadlines.add(() => {
        isLate = true;
        onExpiry();
        const limit = `TimeoutLayer: ${this.#deadlines.milliseconds} ms`;
        const error = withoutStack(() => new HandlerTimeoutError(this.#status, limit));
        // First of all: whoever is inside and waits for the signal must not win with its own error.
        reject(error);
        source.expire(new DOMException("The handler took too long.", "TimeoutError"));
      });
      const settle = (): boolean => {
        this.#deadlines.remove(deadline);
        return !isLate;
      };
      answer.then(
        (response) => (settle() ? resolve(response) : discardResult(response)),
        (error: unknown) => settle() && reject(error),
      );
    });
  }
}
