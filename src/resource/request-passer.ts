import type { RequestContext } from "../request/request-context.ts";
import type { Route } from "../request/route.ts";
import type { FinalResource } from "./final-resource.ts";
import { answerMistargeted } from "./mistargeted-request.ts";
import { handleArrived } from "./request-handler.ts";

/**
 * Takes a request on towards the resource that its path leads to, through the next one on the way in which layers
 * wait, after `passed` of them. Resources without layers have nothing to do with it.
 */
export function passOn(route: Route, context: RequestContext, passed: number): unknown {
  const stop = route.stop as FinalResource;
  if (passed === stop.layered.length) {
    route.enter(stop);
    return answerAtStop(stop, route, context);
  }
  const next = stop.layered[passed] as FinalResource;
  route.enter(next);
  return next.receiver === null ? receive(next, route, context) : next.receiver(context, next.args);
}

/** The request receiver itself, inside of its layers: hands the request to the passer when segments remain. */
export function receive(resource: FinalResource, route: Route, context: RequestContext): unknown {
  if (route.stop === resource && route.isAtEnd) {
    return handleArrived(resource, route, context);
  }
  return resource.passer === null
    ? passOn(route, context, resource.layered.length)
    : resource.passer(context, resource.args);
}

function answerAtStop(stop: FinalResource, route: Route, context: RequestContext): unknown {
  return route.isAtEnd
    ? handleArrived(stop, route, context)
    : answerMistargeted(stop.answerer, route, context);
}
