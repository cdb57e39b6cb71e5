import type { ReadForwarded } from "../request/forwarded.ts";
import { openRoute } from "../request/open-route.ts";
import type { RequestSource } from "../request/request-source.ts";
import type { Route } from "../request/route.ts";
import { badRequest } from "./render-error.ts";
import { traceRefusal } from "./request-trace.ts";
import type { ServiceRoot } from "./service-root.ts";

/** Where a request leads. Throws a `BadRequestError` (`ARGANIA_BAD_REQUEST`) for one that leads nowhere. */
export function routeRequest(
  root: ServiceRoot,
  source: RequestSource,
  readForwarded: ReadForwarded | null,
): Route {
  const route = openRoute(source, readForwarded);
  const problem = typeof route === "string" ? route : root.match(route);
  if (problem !== null) {
    const error = badRequest(problem);
    traceRefusal(source, error.status);
    throw error;
  }
  return route as Route;
}
