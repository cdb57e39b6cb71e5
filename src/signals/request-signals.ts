import { Signal } from "./signal.ts";

/** A request is about to be handled. */
export interface RequestStarted {
  readonly method: string;
  /** In its canonical encoding, without the query. */
  readonly path: string;
  /** Without its `?`; empty when there is none. */
  readonly query: string;
}

/** A request has been handled, well or not. */
export interface RequestFinished {
  readonly method: string;
  readonly path: string;
  /** The status that the client gets. */
  readonly status: number;
  /** From the layer's start to the response, in milliseconds. */
  readonly elapsedMs: number;
}

/** A request has failed on the server's side. */
export interface RequestException {
  readonly method: string;
  readonly path: string;
  /** What was thrown; for a 5xx response that nobody threw, an `Error` that names the status. */
  readonly error: unknown;
  /** Of a 5xx response or a thrown `ErrorResponse`; `undefined` for any other error. */
  readonly status: number | undefined;
}

/** A registry of one's own, for applications that share a process. */
export class RequestSignals {
  readonly requestStarted: Signal<RequestStarted> = new Signal("requestStarted");
  readonly requestFinished: Signal<RequestFinished> = new Signal("requestFinished");
  readonly requestException: Signal<RequestException> = new Signal("requestException");

  clearAll(): void {
    this.requestStarted.clearAll();
    this.requestFinished.clearAll();
    this.requestException.clearAll();
  }

  receiverCount(): number {
    return (
      this.requestStarted.receiverCount() +
      this.requestFinished.receiverCount() +
      this.requestException.receiverCount()
    );
  }
}

/** The registry that `RequestSignalsLayer` uses when it is given none. */
export const requestSignals: RequestSignals = /* @__PURE__ */ new RequestSignals();

/** Sent before a request is handled. */
export const requestStarted: Signal<RequestStarted> = /* @__PURE__ */ ofRegistry("requestStarted");
/** Sent after every request. */
export const requestFinished: Signal<RequestFinished> = /* @__PURE__ */ ofRegistry("requestFinished");
/** Sent before `requestFinished` for a failure on the server's side, never for a 4xx. */
export const requestException: Signal<RequestException> = /* @__PURE__ */ ofRegistry("requestException");

/** A bundler may leave out what this gives if nobody uses it, but not the reading of a property. */
function ofRegistry<Name extends "requestStarted" | "requestFinished" | "requestException">(
  name: Name,
): RequestSignals[Name] {
  return requestSignals[name];
}
