import { assertNoMore } from "../common/assert-no-more.ts";
import { describeValue } from "../common/describe-value.ts";
import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import type { Handler, RawHandler, ResponseHandler } from "../handler/handler.ts";
import {
  assertLayer,
  composeLayers,
  InvalidLayerError,
  type Layer,
  type LayerFunction,
  layerName,
} from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import type { RequestContext } from "../request/request-context.ts";

/** Several layers as one, the first of them outermost. */
export function stack(...layers: Layer[]): LayerFunction {
  layers.forEach(assertLayer);
  const layer: LayerFunction = (handler) => composeLayers(layers, handler) as Handler;
  const inheritedProperties = layers.flatMap((one) => one.inheritedProperties ?? []);
  return Object.defineProperties(layer, {
    name: { value: `stack(${layers.map(layerName).join(", ")})` },
    inheritedProperties: { value: inheritedProperties },
  });
}

/** The layer that does nothing, and costs nothing. */
export const identity: LayerFunction = function identity(handler: ResponseHandler): Handler {
  return handler;
};

/**
 * Layers that are decided per request. Returning the same array again reuses what was composed for it, so keep
 * the arrays that can occur instead of making new ones. Throws a `TypeError` for what is no function.
 *
 * @example
 * ```ts
 * const audited = [auditLayer];
 * const plain: Layer[] = [];
 * root.addLayerTo(_requestReceiver(dynStack((context) => (flags.audit ? audited : plain))));
 * ```
 */
export function dynStack(
  decide: (context: RequestContext, args: Args) => MaybePromise<readonly Layer[]>,
): LayerFunction;
export function dynStack(
  decide: (context: RequestContext, args: Args) => MaybePromise<readonly Layer[]>,
  ...more: unknown[]
): LayerFunction {
  assertNoMore(more, "dynStack takes a function", "stack(dynStack(decide), layer)");
  if (typeof decide !== "function") {
    throw new TypeError(
      `dynStack takes a function that returns an array of layers, not ${describeValue(decide)}: write dynStack((context) => (… ? audited : plain)). Layers that are always the same go into stack(…).`,
    );
  }
  const layer: LayerFunction = (handler) => {
    const composed = new WeakMap<readonly Layer[], RawHandler>();
    const run = (layers: readonly Layer[], context: RequestContext, args: Args): unknown => {
      if (!Array.isArray(layers)) {
        throw new InvalidLayerError(
          "dynStack takes a function that returns an array of layers, empty for none.",
          [],
        );
      }
      if (layers.length === 0) {
        return handler(context, args);
      }
      let wrapped = composed.get(layers);
      if (wrapped === undefined) {
        layers.forEach(assertLayer);
        wrapped = composeLayers(layers, handler);
        composed.set(layers, wrapped);
      }
      return wrapped(context, args);
    };
    return ((context: RequestContext, args: Args) => {
      const layers = decide(context, args);
      return isPromiseLike(layers)
        ? Promise.resolve(layers).then((later) => run(later, context, args))
        : run(layers, context, args);
    }) as Handler;
  };
  Object.defineProperty(layer, "name", { value: "dynStack" });
  return layer;
}
