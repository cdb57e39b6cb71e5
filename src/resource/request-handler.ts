import type { RequestContext } from "../request/request-context.ts";
import type { Route } from "../request/route.ts";
import { LightResponse } from "../response/light-response.ts";
import type { FinalResource } from "./final-resource.ts";
import { answerMistargeted } from "./mistargeted-request.ts";

/** The receiver's last decision, for a request whose path ends here: the slash policy, then the request handler. */
export function handleArrived(resource: FinalResource, route: Route, context: RequestContext): unknown {
  if (!resource.hasHandler) {
    return answerMistargeted(resource.answerer, route, context);
  }
  if (resource.onUnmatchingSlash !== "handle" && route.endsWithSlash !== resource.endsWithSlash) {
    return resource.onUnmatchingSlash === "redirect"
      ? redirectSlash(resource, route, context.mountPath)
      : answerMistargeted(resource.outerAnswerer, route, context);
  }
  return handleRequest(resource, route, context);
}

/** The request handler with its layers, for a request whose answering resource is `resource`. */
export function handleRequest(resource: FinalResource, route: Route, context: RequestContext): unknown {
  return resource.requestHandler === null
    ? callMethodHandler(resource, route, context)
    : resource.requestHandler(context, resource.args);
}

/** The request handler itself: exact method, `GET` for `HEAD`, the wildcard-method handler, else 405. */
export function callMethodHandler(resource: FinalResource, route: Route, context: RequestContext): unknown {
  const entry = resource.entryFor(context.method) ?? resource.wildcardMethod;
  if (entry !== null) {
    // Not as a method of the entry: a method that has lost its object would find another one, and not fail.
    const { handle, args } = entry;
    return handle(context, args);
  }
  if (resource.dropsOtherMethods) {
    return answerMistargeted(resource.outerAnswerer, route, context);
  }
  return resource.notAllowed;
}

/**
 * 308 to the path with, or without, its trailing slash. The path is the canonical one and begins with one slash, since
 * an empty segment reaches no resource: it cannot lead to another origin.
 */
function redirectSlash(resource: FinalResource, { path }: Route, mountPath: string): LightResponse {
  const target = resource.endsWithSlash ? `${path.path}/` : path.path.slice(0, path.end);
  const response = new LightResponse(null, { status: 308 });
  response.headers.set("location", `${mountPath}${target}${path.search}`);
  return response;
}
