import { DefinitionError } from "../common/definition-error.ts";
import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import { intoResponse } from "../response/into-response.ts";
import { LightResponse } from "../response/light-response.ts";
import type { Handler, RawHandler, ResponseHandler } from "./handler.ts";

/** A function that wraps a handler into another one. */
export type LayerFunction = (handler: ResponseHandler) => Handler;

/** Wraps handlers: a function, or an object with `wrap`. Composed once, when the tree becomes a service. */
export type Layer = LayerFunction | { wrap(handler: ResponseHandler): Handler };

/** Something was used as a layer that is none, or a layer returned something that is no handler. */
export class InvalidLayerError extends DefinitionError {
  readonly code = "ARGANIA_INVALID_LAYER";
}

/**
 * Wraps `handler` into `layers`, the first one outermost. A layer that returns the handler it was given leaves no
 * trace, and without layers the handler itself comes back, so what is not there costs nothing at run time.
 */
export function composeLayers(layers: readonly Layer[], handler: RawHandler): RawHandler {
  return layers.reduceRight<RawHandler>((inner, layer) => {
    const responding = responseHandlerOf(inner);
    const wrapped = typeof layer === "function" ? layer(responding) : layer.wrap(responding);
    if (typeof wrapped !== "function") {
      throw new InvalidLayerError(
        `The layer "${layerName(layer)}" returned ${wrapped === null ? "null" : typeof wrapped}, not a handler. A layer is (handler) => (context, args) => …; around((context, next) => …) writes one for you.`,
        [],
      );
    }
    return wrapped === responding ? inner : (wrapped as RawHandler);
  }, handler);
}

/** Makes a response of whatever a handler gives, promising it only when the handler does. */
export function respondWith(result: unknown): MaybePromise<LightResponse> {
  if (result instanceof LightResponse) {
    return result;
  }
  return isPromiseLike(result) ? Promise.resolve(result).then(intoResponse) : intoResponse(result);
}

function responseHandlerOf(handler: RawHandler): ResponseHandler {
  return (context, args) => respondWith(handler(context, args));
}

/** Throws an `InvalidLayerError` (`ARGANIA_INVALID_LAYER`) when `value` cannot be a layer. */
export function assertLayer(value: unknown): asserts value is Layer {
  const isLayer =
    typeof value === "function" ||
    (typeof value === "object" && value !== null && typeof (value as { wrap?: unknown }).wrap === "function");
  if (!isLayer) {
    throw new InvalidLayerError(
      `${value === null ? "null" : typeof value} is not a layer. Give a function (handler) => handler, or an object with wrap(handler).`,
      [],
    );
  }
}

/** The name of a layer, for `describe()`. */
export function layerName(layer: Layer): string {
  return typeof layer === "function" ? layer.name || "layer" : layer.constructor.name;
}
