import type { RequestContext } from "../request/request-context.ts";
import type { Route } from "../request/route.ts";
import { NOT_FOUND } from "../response/routing-errors.ts";
import type { Answerer } from "./final-resource.ts";

/**
 * Answers a request that no resource takes: through the nearest resource that handles its subtree or mistargeted
 * requests, else with 404.
 *
 * The answerer is called from where the request stopped, inside of every layer that it has passed on its way. So a
 * guard on a resource between still guards, and the response and its errors pass outwards through all of them.
 */
export function answerMistargeted(answerer: Answerer | null, route: Route, context: RequestContext): unknown {
  return answerer === null ? NOT_FOUND : answerer(route, context);
}
