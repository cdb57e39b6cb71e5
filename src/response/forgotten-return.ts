import { DevelopmentWarning } from "../common/development-warning.ts";
import type { ResponseContext } from "./response-context.ts";

const nothing: DevelopmentWarning = /* @__PURE__ */ new DevelopmentWarning("ARGANIA_NOTHING_RETURNED");

/**
 * Warns of a handler of GET that has returned nothing: an empty 200 is what was asked for nearly never, and a forgotten
 * `return` nearly always. Where something is done, as for POST or DELETE, there may be nothing to say, nor is there
 * when the client has gone.
 */
export function warnOfNothing(context: ResponseContext): void {
  const { method, routePattern } = context;
  // A signal is made when it is asked for: last of all.
  const isMeant =
    method !== "GET" ||
    routePattern === undefined ||
    !nothing.isDueFor(routePattern) ||
    context.signal?.aborted === true;
  if (!isMeant) {
    nothing.warn(
      routePattern,
      `A handler of GET ${routePattern} returned nothing, which is an empty 200: write return in front of what it answers, or return null if nothing is meant.`,
    );
  }
}
