import { DevelopmentWarning } from "../common/development-warning.ts";
import type { ResponseContext } from "./response-context.ts";

const nothing: DevelopmentWarning = /* @__PURE__ */ new DevelopmentWarning("ARGANIA_NOTHING_RETURNED");

/**
 * Warns of a handler of GET that has returned nothing: an empty 200 is what was asked for nearly never, and a forgotten
 * `return` nearly always. Where something is done, as for POST or DELETE, there may be nothing to say.
 */
export function warnOfNothing({ method, routePattern }: ResponseContext): void {
  if (method === "GET" && routePattern !== undefined) {
    nothing.warn(
      routePattern,
      `A handler of GET ${routePattern} returned nothing, which is an empty 200: write return in front of what it answers, or return null if nothing is meant.`,
    );
  }
}
