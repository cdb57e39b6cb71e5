import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import { RequestContext } from "../request/request-context.ts";
import type { RequestSource } from "../request/request-source.ts";
import type { Route } from "../request/route.ts";
import { ErrorResponse } from "../response/error-response.ts";
import type { LightResponse } from "../response/light-response.ts";
import { HandlerTimeoutError } from "../response/routing-errors.ts";
import { respondWith } from "./layer.ts";
import {
  hasSubscribers,
  type RequestTrace,
  type RequestTracingChannel,
  requestTracingChannel,
} from "./request-trace.ts";
import type { ServiceRoot } from "./service-root.ts";

/**
 * A tree that tells the tracing channel `argania:request` what happens to its requests. While nobody has subscribed, it
 * looks whether somebody has.
 */
export function tracedRoot(root: ServiceRoot): ServiceRoot {
  const channel = requestTracingChannel();
  return channel === null
    ? root
    : {
        match: (route) => root.match(route),
        describe: () => root.describe(),
        enter: (route, context) =>
          hasSubscribers(channel) ? traceRequest(channel, root, route, context) : root.enter(route, context),
      };
}

/** As `TracingChannel.traceSync` and `tracePromise` do, whichever of them it turns out to be. */
function traceRequest(
  channel: RequestTracingChannel,
  root: ServiceRoot,
  route: Route,
  context: RequestContext,
): MaybePromise<LightResponse> {
  const { method, path, routePattern } = context;
  const trace: RequestTrace = { method, path, routePattern, context, status: undefined, error: undefined };
  // Taken before layers put sources of their own in its place: a time limit further inside says nothing of the answer.
  const source = RequestContext.sourceOf(context);
  return channel.start.runStores(trace, () => {
    try {
      const response = respondWith(root.enter(route, context), context);
      if (isPromiseLike(response)) {
        return traceLater(channel, trace, response as Promise<LightResponse>, source);
      }
      trace.status = response.status;
      return response;
    } catch (error) {
      noteError(channel, trace, error);
      throw error;
    } finally {
      channel.end.publish(trace);
    }
  });
}

function traceLater(
  channel: RequestTracingChannel,
  trace: RequestTrace,
  response: Promise<LightResponse>,
  { signal }: RequestSource,
): Promise<LightResponse> {
  let isOver = false;
  const settle = (note: () => void) => {
    if (!isOver) {
      isOver = true;
      signal.removeEventListener("abort", onAbort);
      note();
      channel.asyncStart.publish(trace);
      channel.asyncEnd.publish(trace);
    }
  };
  // A handler that never settles has been answered for by the server.
  const onAbort = () => {
    if ((signal.reason as Partial<Error> | undefined)?.name === "TimeoutError") {
      settle(() => noteError(channel, trace, new HandlerTimeoutError()));
    }
  };
  signal.addEventListener("abort", onAbort);
  return response.then(
    (settled) => {
      settle(() => {
        trace.status = settled.status;
      });
      return settled;
    },
    (error: unknown) => {
      settle(() => noteError(channel, trace, error));
      throw error;
    },
  );
}

function noteError(channel: RequestTracingChannel, trace: RequestTrace, error: unknown): void {
  trace.status = error instanceof ErrorResponse ? error.status : 500;
  if (trace.status >= 500) {
    trace.error = error;
    channel.error.publish(trace);
  }
}
