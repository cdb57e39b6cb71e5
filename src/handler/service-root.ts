import type { RequestContext } from "../request/request-context.ts";
import type { Route } from "../request/route.ts";
import type { NodeDescription } from "./node-description.ts";

/** What a final tree offers to the service in front of it. */
export interface ServiceRoot {
  /** Answers a request with anything a handler may return, or throws. */
  enter(route: Route, context: RequestContext): unknown;
  describe(): NodeDescription;
}
