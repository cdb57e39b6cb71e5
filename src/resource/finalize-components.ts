import type { DefinitionError } from "../common/definition-error.ts";
import type { LayerTargetKind } from "../middleware/layer-target.ts";
import { RequestContext } from "../request/request-context.ts";
import type { Route } from "../request/route.ts";
import { composeOrNull, layersFor } from "./compose-component.ts";
import type { FinalComponents, FinalResource } from "./final-resource.ts";
import { callMethodHandler } from "./request-handler.ts";
import { passOn, receive } from "./request-passer.ts";
import type { ResourceNode } from "./resource-node.ts";

const WITHOUT_LAYERS: FinalComponents = { receiver: null, passer: null, requestHandler: null };

/**
 * Composes the layers of the components. What is innermost puts the route back to this resource, so that a layer may
 * call its handler more than once.
 */
export function finalizeComponents(
  node: ResourceNode,
  self: FinalResource,
  problems: DefinitionError[],
): FinalComponents {
  if (node.layers.length === 0) {
    return WITHOUT_LAYERS;
  }
  const component = (kind: LayerTargetKind, innermost: (route: Route, context: RequestContext) => unknown) =>
    composeOrNull(node, layersFor(node, kind), problems, (context) =>
      innermost(RequestContext.routeOf(context), context),
    );
  return {
    receiver: component("request-receiver", (route, context) => {
      route.enter(self);
      return receive(self, route, context);
    }),
    passer: component("request-passer", (route, context) => passOn(route, context, self.layered.length)),
    requestHandler: component("request-handler", (route, context) => {
      route.answerAt(self);
      return callMethodHandler(self, route, context);
    }),
  };
}
