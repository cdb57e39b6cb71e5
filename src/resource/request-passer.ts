import type { RequestContext } from "../request/request-context.ts";
import type { Route } from "../request/route.ts";
import type { FinalResource } from "./final-resource.ts";
import { answerMistargeted } from "./mistargeted-request.ts";
import { handleArrived } from "./request-handler.ts";

/**
 * Takes a request that is at `resource`, inside of its receiver's layers, as far as it goes.
 *
 * Resources without layers are walked in a loop. Where layers wait, the walk goes on inside of them.
 */
export function walk(resource: FinalResource, route: Route, context: RequestContext): unknown {
  let current = resource;
  for (;;) {
    if (route.isAtEnd) {
      return handleArrived(current, route, context);
    }
    if (current.passer !== null) {
      return current.passer(context, current.args);
    }
    const child = stepDown(current, route);
    if (child === null) {
      return answerMistargeted(current.answerer, route, context);
    }
    if (child.receiver !== null) {
      return child.receiver(context, child.args);
    }
    current = child;
  }
}

/** The request passer itself, inside of its layers: hands the request to the matching child. */
export function passOn(resource: FinalResource, route: Route, context: RequestContext): unknown {
  const child = stepDown(resource, route);
  if (child === null) {
    return answerMistargeted(resource.answerer, route, context);
  }
  return child.receiver === null ? walk(child, route, context) : child.receiver(context, child.args);
}

/**
 * The child that the next segment belongs to, with the route moved into it: static, then regexes in order, then the
 * wildcard. The first that matches is taken; an empty segment matches none.
 */
function stepDown(resource: FinalResource, route: Route): FinalResource | null {
  const segment = route.nextSegment();
  const child = segment === "" ? null : findChild(resource, segment, route);
  if (child !== null) {
    route.advance(child);
  }
  return child;
}

function findChild(resource: FinalResource, segment: string, route: Route): FinalResource | null {
  const child = resource.statics.get(segment);
  if (child !== undefined) {
    return child;
  }
  for (const regex of resource.regexes) {
    const match = regex.pattern.match(segment);
    if (match !== null) {
      route.record(match);
      return regex.resource;
    }
  }
  return resource.wildcard;
}
