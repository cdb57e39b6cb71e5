import type { DefinitionError } from "../common/definition-error.ts";
import { NO_PROPERTIES, overlayProperties, type Properties } from "../common/property.ts";
import type { RawHandler } from "../handler/handler.ts";
import type { LayerTargetKind } from "../middleware/layer-target.ts";
import type { Args } from "../request/args.ts";
import { RequestContext } from "../request/request-context.ts";
import { type CaptureSlot, type Route, type RouteNode, WHOLE_SEGMENT } from "../request/route.ts";
import { composeOrNull, layersFor } from "./compose-component.ts";
import { type Answerer, FinalResource, type FinalResourceParts } from "./final-resource.ts";
import { finalizeMethods, inPropertiesOf } from "./finalize-methods.ts";
import { answerMistargeted } from "./mistargeted-request.ts";
import { plainStaticsOf } from "./plain-statics.ts";
import { callMethodHandler, handleRequest } from "./request-handler.ts";
import { passOn, receive } from "./request-passer.ts";
import type { ResourceNode } from "./resource-node.ts";

/** What a node has from those above it. */
export interface Inherited {
  readonly depth: number;
  readonly matchCount: number;
  readonly wildcardCount: number;
  readonly captures: readonly CaptureSlot[];
  readonly extension: unknown;
  readonly properties: Properties;
  readonly answerer: Answerer | null;
  readonly layered: readonly FinalResource[];
}

export const NOTHING_INHERITED: Inherited = {
  depth: 0,
  matchCount: 0,
  wildcardCount: 0,
  captures: [],
  extension: undefined,
  properties: NO_PROPERTIES,
  answerer: null,
  layered: Object.freeze([]),
};

/** Turns a node and, before itself, everything below it into their final form. Problems are collected. */
export function finalizeNode(
  node: ResourceNode,
  inherited: Inherited,
  problems: DefinitionError[],
): FinalResource {
  return new FinalResource((self) => partsOf(node, self, inherited, problems));
}

function partsOf(
  node: ResourceNode,
  self: FinalResource,
  inherited: Inherited,
  problems: DefinitionError[],
): FinalResourceParts {
  const place = placeOf(node, inherited);
  const extension = node.hasExtension ? node.extension : inherited.extension;
  const methods = finalizeMethods(node, place, extension, problems);
  const components = finalizeComponents(node, self, problems);
  const outerAnswerer = finalizeMistargeted(node, self, place, inherited, problems) ?? inherited.answerer;
  const answerer = node.config.isSubtreeHandler && methods.hasHandler ? subtreeAnswerer(self) : outerAnswerer;
  const hasLayers = components.receiver !== null || components.passer !== null;
  const layered = hasLayers ? Object.freeze([...inherited.layered, self]) : inherited.layered;
  return {
    ...place,
    ...methods,
    ...components,
    ...finalizeChildren(node, { ...place, extension, answerer, layered }, problems),
    endsWithSlash: node.config.endsWithSlash,
    onUnmatchingSlash: node.config.onUnmatchingSlash,
    args: Object.freeze({ nodeExtension: extension, handlerExtension: undefined }),
    layered,
    answerer,
    outerAnswerer,
  };
}

type Place = Pick<Inherited, "depth" | "matchCount" | "wildcardCount" | "captures" | "properties">;

function placeOf({ pattern, properties }: ResourceNode, inherited: Inherited): Place {
  const own: CaptureSlot[] = [];
  if (pattern?.kind === "wildcard") {
    const { wildcardCount: index, depth } = inherited;
    own.push({ name: pattern.name, index, depth, group: WHOLE_SEGMENT, isHost: false });
  } else if (pattern?.kind === "regex") {
    for (const { name, group } of pattern.captures) {
      own.push({ name, index: inherited.matchCount, depth: inherited.depth, group, isHost: false });
    }
  }
  return {
    depth: inherited.depth + (pattern === null ? 0 : 1),
    matchCount: inherited.matchCount + (pattern?.kind === "regex" ? 1 : 0),
    wildcardCount: inherited.wildcardCount + (pattern?.kind === "wildcard" ? 1 : 0),
    captures: own.length === 0 ? inherited.captures : Object.freeze([...inherited.captures, ...own]),
    properties: overlayProperties(inherited.properties, properties),
  };
}

function finalizeChildren(
  node: ResourceNode,
  inherited: Inherited,
  problems: DefinitionError[],
): Pick<FinalResource, "plainStatics" | "statics" | "regexes" | "wildcard"> {
  const statics = new Map<string, FinalResource>();
  for (const [segment, child] of node.statics) {
    statics.set(segment, finalizeNode(child, inherited, problems));
  }
  const regexes = node.regexes.map((child) =>
    Object.freeze({ pattern: child.pattern as never, resource: finalizeNode(child, inherited, problems) }),
  );
  const wildcard = node.wildcard === null ? null : finalizeNode(node.wildcard, inherited, problems);
  const hasDynamic = regexes.length > 0 || wildcard !== null;
  return {
    plainStatics: plainStaticsOf(statics, inherited, hasDynamic),
    statics,
    regexes: Object.freeze(regexes),
    wildcard,
  };
}

/**
 * Composes the layers of the components. What is innermost puts the route back to this resource, so that a layer may
 * call its handler more than once.
 */
function finalizeComponents(
  node: ResourceNode,
  self: FinalResource,
  problems: DefinitionError[],
): Pick<FinalResource, "receiver" | "passer" | "requestHandler"> {
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

function subtreeAnswerer(self: FinalResource): Answerer {
  return (route, context) => {
    route.answerAt(self);
    return handleRequest(self, route, context);
  };
}

/**
 * The handler for mistargeted requests, in its layers. Layers without a handler wrap what answers such requests here
 * anyway: the nearest answerer further out, else the 404.
 */
function finalizeMistargeted(
  node: ResourceNode,
  self: FinalResource,
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
    route.answerAt(self);
    return handle(context, args);
  };
}
