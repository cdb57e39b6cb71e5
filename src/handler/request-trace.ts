import { builtinModule } from "../common/builtin-module.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { RequestSource } from "../request/request-source.ts";

/** What subscribers of the tracing channel `argania:request` are given: one object for all events of a request. */
export interface RequestTrace {
  readonly method: string;
  /** In its canonical encoding, without the query; as the client sent it for a malformed request. */
  readonly path: string;
  /** See `context.routePattern`. */
  readonly routePattern: string | undefined;
  /** `undefined` for a malformed request (400), which never reaches the tree. */
  readonly context: RequestContext | undefined;
  /** That of the answer, once there is one: before `end` if that is at once, else before `asyncStart`. */
  status: number | undefined;
  /** What failed on the server's side; no `ErrorResponse` below 500, which is an answer as any other. */
  error: unknown;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(trace: RequestTrace): void;
  /** Publishes, and runs `run` in the stores that are bound to the channel. */
  runStores<R>(trace: RequestTrace, run: () => R): R;
}

/** A `TracingChannel` of `node:diagnostics_channel`. */
export interface RequestTracingChannel {
  readonly start: Channel;
  readonly end: Channel;
  readonly asyncStart: Channel;
  readonly asyncEnd: Channel;
  readonly error: Channel;
}

interface DiagnosticsChannel {
  tracingChannel?(name: string): RequestTracingChannel;
}

let channel: RequestTracingChannel | null | undefined;

/** The channel `argania:request`; `null` where the runtime has none. */
export function requestTracingChannel(): RequestTracingChannel | null {
  channel ??=
    builtinModule<DiagnosticsChannel>("node:diagnostics_channel")?.tracingChannel?.("argania:request") ??
    null;
  return channel;
}

export function hasSubscribers({ start, end, asyncStart, asyncEnd, error }: RequestTracingChannel): boolean {
  return (
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    error.hasSubscribers
  );
}

/** Tells subscribers of a request that is refused before it enters the tree. */
export function traceRefusal({ method, target }: RequestSource, status: number): void {
  const tracing = requestTracingChannel();
  if (tracing !== null && hasSubscribers(tracing)) {
    const trace: RequestTrace = {
      method,
      path: target.split("?", 1)[0] as string,
      routePattern: undefined,
      context: undefined,
      status: undefined,
      error: undefined,
    };
    tracing.start.runStores(trace, () => {
      trace.status = status;
      tracing.end.publish(trace);
    });
  }
}
