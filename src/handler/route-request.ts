import type { ReadForwarded } from "../request/forwarded.ts";
import { openRoute } from "../request/open-route.ts";
import type { RequestSource } from "../request/request-source.ts";
import type { Route } from "../request/route.ts";
import { badRequest } from "./render-error.ts";
import type { ServiceRoot } from "./service-root.ts";

/** Where a request leads. Throws a `BadRequestError` (`ARGANIA_BAD_REQUEST`) for one that leads nowhere. */
export function routeRequest(
  root: ServiceRoot,
  source: RequestSource,
  readForwarded: ReadForwarded | null,
): Route {
  const route = openRoute(source, readForwarded);
  if (typeof route === "string") {
    throw badRequest(route);
  }
  const problem = root.match(route);
  if (problem !== null) {
    throw badRequest(problem);
  }
  return route;
}
