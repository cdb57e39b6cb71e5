import type { DefinitionError } from "../common/definition-error.ts";
import type { RawHandler } from "../handler/handler.ts";
import { RequestContext } from "../request/request-context.ts";
import type { Route, RouteNode } from "../request/route.ts";
import { composeOrNull, layersFor } from "./compose-component.ts";
import type { Answerer, FinalPlace, FinalResource } from "./final-resource.ts";
import { argsFor, inPropertiesOf } from "./finalize-methods.ts";
import { answerMistargeted } from "./mistargeted-request.ts";
import { handleRequest } from "./request-handler.ts";
import type { ResourceNode } from "./resource-node.ts";

/** Answers what stops below a resource that handles its subtree, as if it had arrived there. */
export function subtreeAnswerer(self: FinalResource): Answerer {
  return answererOf(
    (route, context) => {
      route.answerAt(self);
      return handleRequest(self, route, context);
    },
    (method) => self.patternFor(method),
    (method) => self.handles(method),
  );
}

function answererOf(
  answer: (route: Route, context: RequestContext) => unknown,
  patternFor: Answerer["patternFor"],
  handles: Answerer["handles"],
): Answerer {
  return Object.freeze(Object.assign(answer, { patternFor, handles }));
}

/**
 * The handler for mistargeted requests, in its layers. Layers without a handler wrap what answers such requests here
 * anyway: the nearest answerer further `out`, else the 404.
 */
export function finalizeMistargeted(
  node: ResourceNode,
  self: FinalResource,
  place: FinalPlace,
  out: Answerer | null,
  problems: DefinitionError[],
): Answerer | null {
  const own = node.mistargetedRequest;
  if (own === null && node.layers.length === 0) {
    return null;
  }
  const layers = [...layersFor(node, "mistargeted-request-handler"), ...(own?.layers ?? [])];
  if ((own === null || own.handler === null) && layers.length === 0) {
    return null;
  }
  const isOwn = own !== null && own.handler !== null;
  const innermost: RawHandler = isOwn
    ? inPropertiesOf(own, place)
    : (context) => answerMistargeted(out, RequestContext.routeOf(context), context);
  const handle = composeOrNull(node, layers, problems, innermost) ?? innermost;
  const args = argsFor(place, own?.extension);
  const { depth, captures, properties } = place;
  const answering: RouteNode = Object.freeze({ depth, captures, properties, outerAnswerer: out });
  return answererOf(
    (route, context) => {
      route.answerAt(self);
      route.node = answering;
      return handle(context, args);
    },
    isOwn ? () => self.pattern : (method) => out?.patternFor(method),
    isOwn ? () => true : (method) => out?.handles(method) ?? false,
  );
}
