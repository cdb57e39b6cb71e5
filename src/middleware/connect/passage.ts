import { isPromiseLike, type MaybePromise } from "../../common/maybe-promise.ts";
import { boundToRequest } from "../../common/request-binding.ts";
import { RequestContext } from "../../request/request-context.ts";
import type { LightResponse } from "../../response/light-response.ts";
import { discardResult } from "../../response/node-send.ts";
import { SWITCHING_PROTOCOLS } from "../../response/upgrade-response.ts";
import { completeLate, endElsewhere } from "./complete-late.ts";
import { clientGone, errorOf, isCancelled, isOfGoneClient } from "./connect-error.ts";
import { newResponse } from "./dressed-response.ts";
import { mount, mountOf, type Place } from "./mount.ts";
import { nodeHttp, type RawRequest, type RawResponse } from "./node-http.ts";
import { type RawPair, rawPairOf } from "./raw-request.ts";
import { Recording } from "./recorded-response.ts";
import type { ChainEvents } from "./run-middlewares.ts";
import { passesHeadOnly, passHead, writeBody, writeThrough } from "./write-through.ts";

/** What is inside of a layer; called when middleware has handed the request on. Throws or rejects like any handler. */
export type Inside = () => MaybePromise<LightResponse>;

type Run = (request: RawRequest, response: RawResponse, events: ChainEvents) => void;

/**
 * The way of one request through the middleware of one layer.
 *
 * The response of what is inside is written through the middleware's `ServerResponse`, and what comes out of that is the
 * response of the layer. An error of what is inside goes on outwards; what answers it in the end, or in the meantime when
 * a deadline passes, is written through the middleware before it is sent.
 */
export class Passage implements ChainEvents {
  readonly #context: RequestContext;
  readonly #place: Place;
  readonly #inside: Inside;
  readonly #pair: RawPair;
  readonly #outerResponse: RawResponse | null;
  readonly #recording: Recording;
  #unmount: () => void;
  #outcome: { readonly response: LightResponse } | { readonly error: unknown } | null = null;
  #isDelivered = false;
  /** Whether middleware has written the head before it handed the request on: what is inside gives the body then. */
  #isBegun = false;
  #settle: (() => void) | null = null;
  /** The middleware that has the request. */
  #running: { readonly name: string } | null = null;

  /** @param place where the layer stands; the request may have gone further already */
  constructor(context: RequestContext, place: Place, inside: Inside) {
    this.#context = context;
    this.#place = place;
    this.#inside = inside;
    place.last = this;
    this.#pair = rawPairOf(context);
    this.#outerResponse = this.#pair.response;
    const { request } = this.#pair;
    const response = newResponse(nodeHttp(), request);
    this.#recording = new Recording(
      response,
      { onRecorded: (recorded) => this.#deliver(recorded), onDestroyed: (error) => this.onFailed(error) },
      (error) => this.onLateFailure(error),
    );
    this.#pair.response = response;
    this.#unmount = mount(request, mountOf(context, place));
  }

  /** Runs the middleware; gives the response, or throws or rejects with what failed. */
  start(run: Run): MaybePromise<LightResponse> {
    this.#context.beforeSend((response) => this.#complete(response as LightResponse));
    RequestContext.hooksOf(this.#context)?.whenHandedOn(() => this.#handOn());
    run(this.#pair.request, this.#recording.response, this);
    return this.#outcome === null ? this.#wait() : this.#result();
  }

  onEntered(middleware: { readonly name: string }): void {
    this.#running = middleware;
  }

  onPassed(): void {
    this.#running = null;
    this.#unmount();
    this.#unmount = () => {};
    this.#isBegun = this.#recording.response.headersSent;
    try {
      const response = this.#inside();
      if (isPromiseLike(response)) {
        (response as Promise<LightResponse>).then(
          (value) => this.#passOutwards(value),
          (error: unknown) => this.#fail(error),
        );
      } else {
        this.#passOutwards(response as LightResponse);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  onFailed(error: unknown): void {
    const isGone = isOfGoneClient(error, this.#pair.request);
    if (!isGone || this.#outcome === null) {
      this.#fail(isGone ? clientGone() : errorOf(error));
    }
  }

  onLateFailure(error: unknown): void {
    // Nobody is left to tell: it is logged.
    if (!isCancelled(error, this.#context.signal)) {
      this.#context.waitUntil(Promise.reject(error));
    }
  }

  #passOutwards(response: LightResponse): void {
    const recording = this.#recording;
    const { headersSent, finished, destroyed } = recording.response;
    const isAnswered = this.#isBegun ? finished || destroyed : this.#outcome !== null || headersSent;
    if (isAnswered || (this.#outcome !== null && !this.#isDelivered)) {
      // Middleware has answered in the meantime, or a deadline has passed.
      discardResult(response);
      return;
    }
    try {
      if (this.#isBegun) {
        writeBody(recording, response);
      } else if (response.status === SWITCHING_PROTOCOLS || passesHeadOnly(recording, response)) {
        passHead(recording, response);
        this.#deliver(response);
      } else {
        writeThrough(recording, response);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #deliver(response: LightResponse): void {
    if (this.#outcome === null) {
      this.#isDelivered = true;
      this.#end({ response });
    } else {
      discardResult(response);
    }
  }

  #fail(error: unknown): void {
    if (this.#outcome === null) {
      this.#unmount();
      this.#end({ error });
      return;
    }
    if (this.#isDelivered) {
      this.#recording.breakOff(error as Error);
    }
    this.onLateFailure(error);
  }

  #end(outcome: { readonly response: LightResponse } | { readonly error: unknown }): void {
    this.#outcome = outcome;
    this.#pair.response = this.#outerResponse;
    this.#settle?.();
  }

  #result(): LightResponse {
    const outcome = this.#outcome as { readonly response: LightResponse } | { readonly error: unknown };
    if ("error" in outcome) {
      throw outcome.error;
    }
    return outcome.response;
  }

  #wait(): Promise<LightResponse> {
    return new Promise((resolve, reject) => {
      const { signal } = this.#context;
      const onAbort = () => {
        if ((signal.reason as Error | undefined)?.name === "TimeoutError") {
          // A deadline of the server's is answered at once, through the middleware; a client's is not.
          setTimeout(() => this.#outcome === null && this.#leave(signal.reason));
        } else {
          this.#leave(signal.reason);
        }
      };
      this.#settle = () => {
        signal.removeEventListener("abort", onAbort);
        try {
          resolve(this.#result());
        } catch (error) {
          reject(error);
        }
      };
      signal.aborted ? onAbort() : signal.addEventListener("abort", onAbort);
    });
  }

  /** The client has gone. */
  #leave(reason: unknown): void {
    this.#isDelivered = true;
    this.#recording.close();
    this.#fail(reason);
    try {
      if (this.#pair.isEmulated) {
        this.#pair.request.destroy();
      }
    } catch (error) {
      // What listens for that failed.
      this.onLateFailure(error);
    }
  }

  /** Before the answer is sent that another one than this layer gave. */
  #complete(response: LightResponse): void {
    if (this.#isDelivered) {
      return;
    }
    this.#isDelivered = true;
    if (this.#outcome === null) {
      if (this.#running !== null) {
        const name = this.#running.name || "(anonymous)";
        // The deadline that has passed cannot tell what it waited for.
        this.onLateFailure(
          new Error(
            `Middleware "${name}" had neither answered nor called next() when its request was answered.`,
          ),
        );
      }
      this.#fail(new DOMException("The request was answered without its handler.", "AbortError"));
    }
    if (this.#place.last === this) {
      completeLate(this.#recording, response);
    } else {
      this.#recording.end();
    }
  }

  /** Somebody behind the service answers, an Express app around it; middleware ends when that has ended. */
  #handOn(): void {
    if (this.#isDelivered) {
      return;
    }
    this.#isDelivered = true;
    this.#unmount();
    const onAnswered = (status: number | undefined, isComplete: boolean) => {
      try {
        endElsewhere(this.#recording, isComplete ? status : undefined);
      } catch (error) {
        this.onLateFailure(error);
      }
    };
    RequestContext.sourceOf(this.#context).whenAnswered(boundToRequest(onAnswered));
  }
}
