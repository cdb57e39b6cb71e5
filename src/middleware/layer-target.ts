import { assertNoMore } from "../common/assert-no-more.ts";
import { type OneOrMany, toArray } from "../common/one-or-many.ts";
import { HandlerKind } from "../handler/handler-kind.ts";
import { assertMethod } from "../handler/handler-kinds.ts";
import { assertLayer, InvalidLayerError, type Layer } from "../handler/layer.ts";

/** The component of a node that layers are to wrap. */
export type LayerTargetKind =
  | "request-receiver"
  | "request-passer"
  | "request-handler"
  | "method-handler"
  | "wildcard-method-handler"
  | "mistargeted-request-handler";

/** Layers with the component that they are for: what `addLayerTo` takes. */
export class LayerTarget<Kind extends LayerTargetKind = LayerTargetKind> {
  readonly kind: Kind;
  readonly layers: readonly Layer[];
  /** Only for method handlers: the methods whose handlers are wrapped. */
  readonly methods: readonly string[];

  constructor(kind: Kind, layers: readonly Layer[], methods: readonly string[] = []) {
    layers.forEach(assertLayer);
    this.kind = kind;
    this.layers = Object.freeze([...layers]);
    this.methods = methods;
  }
}

/** Refuses a layer without a target, which would wrap nothing. Throws an `InvalidLayerError` (`ARGANIA_INVALID_LAYER`). */
export function assertLayerTarget(value: unknown): asserts value is LayerTarget {
  if (!(value instanceof LayerTarget)) {
    throw new InvalidLayerError(
      "addLayerTo takes a target with its layers: write addLayerTo(_requestReceiver(layer)), or another target.",
      [],
    );
  }
}

/** Wraps the request receiver: everything that the resource and its subtree do with a request. */
export function _requestReceiver(layers: OneOrMany<Layer>): LayerTarget<"request-receiver">;
export function _requestReceiver(
  layers: OneOrMany<Layer>,
  ...more: unknown[]
): LayerTarget<"request-receiver"> {
  return new LayerTarget("request-receiver", onlyLayers("_requestReceiver", layers, more));
}

/** Wraps the request passer: only requests for something below this node, and for no resource at all. */
export function _requestPasser(layers: OneOrMany<Layer>): LayerTarget<"request-passer">;
export function _requestPasser(layers: OneOrMany<Layer>, ...more: unknown[]): LayerTarget<"request-passer"> {
  return new LayerTarget("request-passer", onlyLayers("_requestPasser", layers, more));
}

/** Wraps the request handler: only requests that this resource answers itself, whatever their method. */
export function _requestHandler(layers: OneOrMany<Layer>): LayerTarget<"request-handler">;
export function _requestHandler(
  layers: OneOrMany<Layer>,
  ...more: unknown[]
): LayerTarget<"request-handler"> {
  return new LayerTarget("request-handler", onlyLayers("_requestHandler", layers, more));
}

/**
 * Wraps the handlers of these methods, by name or kind: `_methodHandler(["LOCK", _get], layer)`. A method without a
 * handler is refused by `intoService()`.
 *
 * Throws a `TypeError` for a name that is no method, or a standard one that is not in upper case.
 */
export function _methodHandler(
  methods: OneOrMany<string | HandlerKind>,
  layers: OneOrMany<Layer>,
): LayerTarget<"method-handler">;
export function _methodHandler(
  methods: OneOrMany<string | HandlerKind>,
  layers: OneOrMany<Layer>,
  ...more: unknown[]
): LayerTarget<"method-handler"> {
  const instead = '_methodHandler(["GET", "POST"], [first, second])';
  assertNoMore(more, "_methodHandler takes methods and layers, each one or an array of them", instead);
  return new LayerTarget("method-handler", toArray(layers), toArray(methods).map(methodOf));
}

function methodOf(method: string | HandlerKind): string {
  if (!(method instanceof HandlerKind)) {
    assertMethod(method);
    return method;
  }
  if (method.slot.kind !== "method") {
    const target =
      method.slot.kind === "wildcard-method" ? "_wildcardMethodHandler" : "_mistargetedRequestHandler";
    throw new TypeError(`_methodHandler takes methods: for this kind, write ${target}(layer).`);
  }
  return method.slot.method;
}

/** Wraps what answers every method without a handler of its own: your wildcard-method handler, or the 405. */
export function _wildcardMethodHandler(layers: OneOrMany<Layer>): LayerTarget<"wildcard-method-handler">;
export function _wildcardMethodHandler(
  layers: OneOrMany<Layer>,
  ...more: unknown[]
): LayerTarget<"wildcard-method-handler"> {
  return new LayerTarget("wildcard-method-handler", onlyLayers("_wildcardMethodHandler", layers, more));
}

/** Wraps what answers mistargeted requests here: your handler, or the 404. */
export function _mistargetedRequestHandler(
  layers: OneOrMany<Layer>,
): LayerTarget<"mistargeted-request-handler">;
export function _mistargetedRequestHandler(
  layers: OneOrMany<Layer>,
  ...more: unknown[]
): LayerTarget<"mistargeted-request-handler"> {
  const all = onlyLayers("_mistargetedRequestHandler", layers, more);
  return new LayerTarget("mistargeted-request-handler", all);
}

function onlyLayers(owner: string, layers: OneOrMany<Layer>, more: readonly unknown[]): readonly Layer[] {
  assertNoMore(more, `${owner} takes one layer, or an array of them`, `${owner}([first, second])`);
  return toArray(layers);
}
