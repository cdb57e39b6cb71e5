import type { DefinitionError } from "../common/definition-error.ts";
import { NO_PROPERTIES, overlayProperties, type Properties } from "../common/property.ts";
import type { RawHandler } from "../handler/handler.ts";
import type { LayerTargetKind } from "../middleware/layer-target.ts";
import type { Args } from "../request/args.ts";
import { RequestContext } from "../request/request-context.ts";
import { type CaptureSlot, type Route, type RouteNode, WHOLE_SEGMENT } from "../request/route.ts";
import { composeOrNull, layersFor } from "./compose-component.ts";
import { type Answerer, FinalResource } from "./final-resource.ts";
import { finalizeMethods, inPropertiesOf } from "./finalize-methods.ts";
import { answerMistargeted } from "./mistargeted-request.ts";
import { callMethodHandler, handleRequest } from "./request-handler.ts";
import { passOn, walk } from "./request-passer.ts";
import type { ResourceNode } from "./resource-node.ts";

/** What a node has from those above it. */
export interface Inherited {
  readonly depth: number;
  readonly matchCount: number;
  readonly captures: readonly CaptureSlot[];
  readonly extension: unknown;
  readonly properties: Properties;
  readonly answerer: Answerer | null;
}

export const NOTHING_INHERITED: Inherited = {
  depth: 0,
  matchCount: 0,
  captures: [],
  extension: undefined,
  properties: NO_PROPERTIES,
  answerer: null,
};

/** Gives the final resource to closures that are made before it, and called only once it serves. */
type Self = () => FinalResource;

/** Turns a node and, before itself, everything below it into their final form. Problems are collected. */
export function finalizeNode(
  node: ResourceNode,
  inherited: Inherited,
  problems: DefinitionError[],
): FinalResource {
  const self: Self = () => final;
  const place = placeOf(node, inherited);
  const extension = node.hasExtension ? node.extension : inherited.extension;
  const args: Args = Object.freeze({ nodeExtension: extension, handlerExtension: undefined });
  const methods = finalizeMethods(node, place, extension, problems);
  const outerAnswerer = finalizeMistargeted(node, self, place, inherited, problems) ?? inherited.answerer;
  const answerer = node.config.isSubtreeHandler && methods.hasHandler ? subtreeAnswerer(self) : outerAnswerer;
  const final = new FinalResource({
    ...place,
    ...methods,
    ...finalizeChildren(node, { ...place, extension, answerer }, problems),
    ...finalizeComponents(node, self, problems),
    endsWithSlash: node.config.endsWithSlash,
    onUnmatchingSlash: node.config.onUnmatchingSlash,
    args,
    answerer,
    outerAnswerer,
  });
  return final;
}

function placeOf({ pattern, properties }: ResourceNode, inherited: Inherited): RouteNode {
  const own: CaptureSlot[] = [];
  if (pattern?.kind === "wildcard") {
    own.push({ name: pattern.name, index: inherited.depth, group: WHOLE_SEGMENT, isHost: false });
  } else if (pattern?.kind === "regex") {
    for (const { name, group } of pattern.captures) {
      own.push({ name, index: inherited.matchCount, group, isHost: false });
    }
  }
  return {
    depth: inherited.depth + (pattern === null ? 0 : 1),
    matchCount: inherited.matchCount + (pattern?.kind === "regex" ? 1 : 0),
    captures: own.length === 0 ? inherited.captures : Object.freeze([...inherited.captures, ...own]),
    properties: overlayProperties(inherited.properties, properties),
  };
}

function finalizeChildren(
  node: ResourceNode,
  inherited: Inherited,
  problems: DefinitionError[],
): Pick<FinalResource, "statics" | "regexes" | "wildcard"> {
  const finalize = (child: ResourceNode) => finalizeNode(child, inherited, problems);
  return {
    statics: new Map([...node.statics].map(([segment, child]) => [segment, finalize(child)])),
    regexes: Object.freeze(
      node.regexes.map((child) =>
        Object.freeze({ pattern: child.pattern as never, resource: finalize(child) }),
      ),
    ),
    wildcard: node.wildcard === null ? null : finalize(node.wildcard),
  };
}

/**
 * Composes the layers of the components. What is innermost puts the route back to this resource, so that a layer may
 * call its handler more than once.
 */
function finalizeComponents(
  node: ResourceNode,
  self: Self,
  problems: DefinitionError[],
): Pick<FinalResource, "receiver" | "passer" | "requestHandler"> {
  const component = (kind: LayerTargetKind, innermost: (route: Route, context: RequestContext) => unknown) =>
    composeOrNull(node, layersFor(node, kind), problems, (context) =>
      innermost(RequestContext.routeOf(context), context),
    );
  return {
    receiver: component("request-receiver", (route, context) => {
      route.rewindTo(self());
      return walk(self(), route, context);
    }),
    passer: component("request-passer", (route, context) => {
      route.rewindTo(self());
      return passOn(self(), route, context);
    }),
    requestHandler: component("request-handler", (route, context) => {
      route.answerAt(self());
      return callMethodHandler(self(), route, context);
    }),
  };
}

function subtreeAnswerer(self: Self): Answerer {
  return (route, context) => {
    route.answerAt(self());
    return handleRequest(self(), route, context);
  };
}

/**
 * The handler for mistargeted requests, in its layers. Layers without a handler wrap what answers such requests here
 * anyway: the nearest answerer further out, else the 404.
 */
function finalizeMistargeted(
  node: ResourceNode,
  self: Self,
  place: RouteNode,
  inherited: Inherited,
  problems: DefinitionError[],
): Answerer | null {
  const own = node.mistargetedRequest;
  const layers = [...layersFor(node, "mistargeted-request-handler"), ...(own?.layers ?? [])];
  if ((own === null || own.handler === null) && layers.length === 0) {
    return null;
  }
  const innermost: RawHandler =
    own === null || own.handler === null
      ? (context) => answerMistargeted(inherited.answerer, RequestContext.routeOf(context), context)
      : inPropertiesOf(own, place);
  const handle = composeOrNull(node, layers, problems, innermost) ?? innermost;
  const nodeExtension = node.hasExtension ? node.extension : inherited.extension;
  const args: Args = Object.freeze({ nodeExtension, handlerExtension: own?.extension });
  return (route, context) => {
    route.answerAt(self());
    return handle(context, args);
  };
}
