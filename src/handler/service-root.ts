import type { RequestContext } from "../request/request-context.ts";
import type { Route } from "../request/route.ts";
import type { TargetProblem } from "../request/route-path.ts";
import type { NodeDescription } from "./node-description.ts";

/** What a final tree offers to the service in front of it. */
export interface ServiceRoot {
  /** Finds out where a request leads, or why it cannot be routed. Comes first, and runs nothing of the user's. */
  match(route: Route): TargetProblem | null;
  /** Answers a request with anything a handler may return, or throws. */
  enter(route: Route, context: RequestContext): unknown;
  describe(): NodeDescription;
}
