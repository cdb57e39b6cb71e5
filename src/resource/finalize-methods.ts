import type { DefinitionError } from "../common/definition-error.ts";
import { chain } from "../common/maybe-promise.ts";
import { overlayProperties } from "../common/property.ts";
import type { RawHandler } from "../handler/handler.ts";
import { type Layer, respondWith } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import { RequestContext } from "../request/request-context.ts";
import type { RouteNode } from "../request/route.ts";
import { LightResponse } from "../response/light-response.ts";
import { composeOrNull, layersFor, NO_LAYERS } from "./compose-component.ts";
import type { FinalMethods, FinalPlace, FinalResource, MethodEntry } from "./final-resource.ts";
import { answerMistargeted } from "./mistargeted-request.ts";
import { MissingMethodHandlerError } from "./resource-errors.ts";
import { type AnyMethodHandler, methodOf, type ResourceNode } from "./resource-node.ts";

const NO_METHODS: readonly MethodEntry[] = Object.freeze([]);
const WITHOUT_METHODS: FinalMethods = {
  get: null,
  head: null,
  methods: NO_METHODS,
  wildcardMethod: null,
  dropsOtherMethods: false,
  hasHandler: false,
};

/** The method handlers of a node in their layers, and what answers every other method. */
export function finalizeMethods(
  node: ResourceNode,
  self: FinalResource,
  place: FinalPlace,
  problems: DefinitionError[],
): FinalMethods {
  if (node.methodHandlers.length === 0 && node.wildcardMethod === null && node.layers.length === 0) {
    return WITHOUT_METHODS;
  }
  if (node.layers.length > 0) {
    reportLayersWithoutHandler(node, problems);
  }
  let get: MethodEntry | null = null;
  let head: MethodEntry | null = null;
  let methods = NO_METHODS;
  for (let index = 0; index < node.methodHandlers.length; index++) {
    const entry = methodEntryOf(node, place, node.methodHandlers[index] as AnyMethodHandler, problems);
    if (entry.method === "GET") {
      get = entry;
    } else if (entry.method === "HEAD") {
      head = entry;
    } else {
      methods = methods === NO_METHODS ? [entry] : [...methods, entry];
    }
  }
  const custom = node.wildcardMethod;
  const dropsOtherMethods = custom !== null && custom.handler === null;
  return {
    get,
    head: head ?? get,
    methods,
    wildcardMethod: otherMethods(node, self, place, problems),
    dropsOtherMethods,
    hasHandler: node.methodHandlers.length > 0 || (custom !== null && custom.handler !== null),
  };
}

function methodEntryOf(
  node: ResourceNode,
  place: FinalPlace,
  own: AnyMethodHandler,
  problems: DefinitionError[],
): MethodEntry {
  const method = methodOf(own);
  const handler = inPropertiesOf(own, place);
  const released = method === "HEAD" ? withoutLength(handler) : handler;
  return entryOf(node, place, method, own, methodLayers(node, method), released, problems);
}

function entryOf(
  node: ResourceNode,
  place: FinalPlace,
  method: string,
  own: AnyMethodHandler,
  layers: readonly Layer[],
  handler: RawHandler,
  problems: DefinitionError[],
): MethodEntry {
  const all = own.layers.length === 0 ? layers : [...layers, ...own.layers];
  const handle = all.length === 0 ? handler : (composeOrNull(node, all, problems, handler) ?? handler);
  return { method, handle, args: argsFor(place, own.extension) };
}

/** The args of a handler at a place. */
export function argsFor({ args }: FinalPlace, handlerExtension: unknown): Args {
  return handlerExtension === undefined
    ? args
    : Object.freeze({ nodeExtension: args.nodeExtension, handlerExtension });
}

/** What answers methods without a handler: one's own, or in layers the 405, or who answers mistargeted requests. */
function otherMethods(
  node: ResourceNode,
  self: FinalResource,
  place: FinalPlace,
  problems: DefinitionError[],
): MethodEntry | null {
  const custom = node.wildcardMethod;
  const layers = layersFor(node, "wildcard-method-handler");
  if (custom !== null && custom.handler !== null) {
    return entryOf(node, place, methodOf(custom), custom, layers, inPropertiesOf(custom, place), problems);
  }
  const all = custom === null || custom.layers.length === 0 ? layers : [...layers, ...custom.layers];
  const innermost: RawHandler =
    custom === null
      ? () => self.notAllowed
      : (context) => answerMistargeted(self.outerAnswerer, RequestContext.routeOf(context), context);
  const handle = composeOrNull(node, all, problems, innermost);
  return handle === null ? null : { method: "*", handle, args: argsFor(place, custom?.extension) };
}

/** A handler with options of its own answers at a place that has them. */
export function inPropertiesOf(own: AnyMethodHandler, place: FinalPlace): RawHandler {
  const handler = own.handler as unknown as RawHandler;
  if (own.properties.size === 0) {
    return handler;
  }
  const { depth, captures, properties } = place;
  const overlaid = overlayProperties(properties, own.properties);
  let ownPlace: RouteNode | undefined;
  return (context, args) => {
    const route = RequestContext.routeOf(context);
    // The same one each time, but not there yet when the tree is being finalized.
    ownPlace ??= { depth, captures, properties: overlaid, outerAnswerer: route.node.outerAnswerer ?? null };
    route.node = ownPlace;
    return handler(context, args);
  };
}

/** An empty answer of a `HEAD` handler of one's own tells nothing of the length that `GET` has (RFC 9110 §9.3.2). */
function withoutLength(handler: RawHandler): RawHandler {
  const release = (response: LightResponse): LightResponse =>
    response.isEmpty ? new LightResponse(new ReadableStream(), response) : response;
  return (context, args) => chain(respondWith(handler(context, args), context), release);
}

function methodLayers(node: ResourceNode, method: string): readonly Layer[] {
  if (node.layers.length === 0) {
    return NO_LAYERS;
  }
  return node.layers
    .filter((target) => target.kind === "method-handler" && target.methods.includes(method))
    .flatMap((target) => target.layers);
}

function reportLayersWithoutHandler(node: ResourceNode, problems: DefinitionError[]): void {
  for (const target of node.layers) {
    for (const method of target.methods) {
      if (!node.hasMethod(method)) {
        problems.push(new MissingMethodHandlerError(node.path(), method));
      }
    }
  }
}
