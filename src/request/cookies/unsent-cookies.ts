import { DevelopmentWarning } from "../../common/development-warning.ts";
import type { OutcomeHook } from "../request-outcome.ts";

/** A request as far as a warning needs it. */
export interface ObservedRequest {
  readonly method: string;
  readonly routePattern: string | undefined;
  afterSend(hook: OutcomeHook): void;
}

const unsent: DevelopmentWarning = /* @__PURE__ */ new DevelopmentWarning("ARGANIA_UNSENT_COOKIES");

/**
 * Warns, once for each route, when a request is over and the changes of its jar are in no response, as those who know other
 * frameworks expect. Of an error nothing is said: what was set before it may well be forgotten. Where `NODE_ENV` is
 * "production" nothing is watched.
 */
export function watchCookies(request: ObservedRequest, isSent: () => boolean): void {
  // Not the path, of which clients may ask for any number.
  const place = request.routePattern ?? "of what no resource answers";
  if (!unsent.isDueFor(place)) {
    return;
  }
  request.afterSend(({ status = 500, isComplete, error }) => {
    if (isComplete && error === undefined && status < 400 && !isSent()) {
      unsent.warn(
        place,
        `${request.method} ${place} changed cookies that were not sent: no response was given the jar. Write respond(context.cookies(), body), or add a layer that sends what all handlers inside of it change: around(async (context, next) => context.cookies().applyTo(await next())).`,
      );
    }
  });
}
