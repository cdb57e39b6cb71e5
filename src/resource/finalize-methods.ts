import { withoutStack } from "../common/argania-error.ts";
import type { DefinitionError } from "../common/definition-error.ts";
import { chain } from "../common/maybe-promise.ts";
import { overlayProperties } from "../common/property.ts";
import type { RawHandler } from "../handler/handler.ts";
import { type Layer, respondWith } from "../handler/layer.ts";
import { RequestContext } from "../request/request-context.ts";
import type { RouteNode } from "../request/route.ts";
import { LightResponse } from "../response/light-response.ts";
import { NotAllowedMethodError } from "../response/routing-errors.ts";
import { composeOrNull, layersFor } from "./compose-component.ts";
import type { FinalResource, MethodEntry } from "./final-resource.ts";
import { MissingMethodHandlerError } from "./resource-errors.ts";
import type { AnyMethodHandler, ResourceNode } from "./resource-node.ts";

type Methods = Pick<
  FinalResource,
  "get" | "methods" | "wildcardMethod" | "dropsOtherMethods" | "hasHandler" | "allow"
>;

/** The method handlers of a node in their layers, and what answers every other method. */
export function finalizeMethods(
  node: ResourceNode,
  place: RouteNode,
  extension: unknown,
  problems: DefinitionError[],
): Methods {
  reportLayersWithoutHandler(node, problems);
  const allow = allowOf(node);
  const entryOf = (own: AnyMethodHandler, layers: readonly Layer[]): MethodEntry => {
    const handler =
      own === node.methods.get("HEAD")
        ? withoutLength(inPropertiesOf(own, place))
        : inPropertiesOf(own, place);
    return Object.freeze({
      handle: composeOrNull(node, [...layers, ...own.layers], problems, handler) ?? handler,
      args: Object.freeze({ nodeExtension: extension, handlerExtension: own.extension }),
    });
  };
  const methods = new Map<string, MethodEntry>();
  for (const [method, own] of node.methods) {
    methods.set(method, entryOf(own, methodLayers(node, method)));
  }
  const get = methods.get("GET");
  if (get !== undefined && !methods.has("HEAD")) {
    methods.set("HEAD", get);
  }
  const custom = node.wildcardMethod;
  const wildcardLayers = layersFor(node, "wildcard-method-handler");
  const dropsOtherMethods = custom !== null && custom.handler === null;
  return {
    get: get ?? null,
    methods,
    wildcardMethod:
      custom !== null && custom.handler !== null
        ? entryOf(custom, wildcardLayers)
        : dropsOtherMethods
          ? null
          : layeredNotAllowed(node, wildcardLayers, allow, extension, problems),
    dropsOtherMethods,
    hasHandler: methods.size > 0 || (custom !== null && custom.handler !== null),
    allow,
  };
}

/** The 405 in layers; without any, the dispatcher throws it itself. */
function layeredNotAllowed(
  node: ResourceNode,
  layers: readonly Layer[],
  allow: string,
  extension: unknown,
  problems: DefinitionError[],
): MethodEntry | null {
  const handle = composeOrNull(node, layers, problems, () => {
    throw withoutStack(() => new NotAllowedMethodError(allow));
  });
  const args = Object.freeze({ nodeExtension: extension, handlerExtension: undefined });
  return handle === null ? null : Object.freeze({ handle, args });
}

/** A handler with options of its own answers at a place that has them. */
export function inPropertiesOf(own: AnyMethodHandler, place: RouteNode): RawHandler {
  const handler = own.handler as unknown as RawHandler;
  if (own.properties.size === 0) {
    return handler;
  }
  const { depth, captures, properties } = place;
  const ownPlace: RouteNode = Object.freeze({
    depth,
    captures,
    properties: overlayProperties(properties, own.properties),
  });
  return (context, args) => {
    RequestContext.routeOf(context).node = ownPlace;
    return handler(context, args);
  };
}

/** An empty answer of a `HEAD` handler of one's own tells nothing of the length that `GET` has (RFC 9110 §9.3.2). */
function withoutLength(handler: RawHandler): RawHandler {
  const release = (response: LightResponse): LightResponse =>
    response.isEmpty ? new LightResponse(new ReadableStream(), response) : response;
  return (context, args) => chain(respondWith(handler(context, args)), release);
}

function methodLayers(node: ResourceNode, method: string): readonly Layer[] {
  return node.layers
    .filter((target) => target.kind === "method-handler" && target.methods.includes(method))
    .flatMap((target) => target.layers);
}

function reportLayersWithoutHandler(node: ResourceNode, problems: DefinitionError[]): void {
  for (const target of node.layers) {
    for (const method of target.methods) {
      if (!node.methods.has(method)) {
        problems.push(new MissingMethodHandlerError(node.path(), method));
      }
    }
  }
}

/** The methods in the order set, `HEAD` after the `GET` that answers it (RFC 9110 §10.2.1). */
function allowOf(node: ResourceNode): string {
  const answersHead = node.methods.has("GET") && !node.methods.has("HEAD");
  return [...node.methods.keys()]
    .flatMap((method) => (method === "GET" && answersHead ? ["GET", "HEAD"] : [method]))
    .join(", ");
}
