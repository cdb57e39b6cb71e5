import { DefinitionError } from "../common/definition-error.ts";
import { describeValue } from "../common/describe-value.ts";
import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import { NO_PROPERTIES, type Properties, type Property, type PropertyKind } from "../common/property.ts";
import { intoResponse } from "../response/into-response.ts";
import { LightResponse } from "../response/light-response.ts";
import type { ResponseContext } from "../response/response-context.ts";
import type { Handler, RawHandler, ResponseHandler } from "./handler.ts";

/** A function that wraps a handler into another one. */
export type LayerFunction = ((handler: ResponseHandler) => Handler) &
  Pick<WrappingLayer, "inheritedProperties">;

/** Wraps handlers: a function, or an object with `wrap`. Composed once, when the tree becomes a service. */
export type Layer = LayerFunction | WrappingLayer;

/** The object form of a layer: `class Audit implements WrappingLayer`. */
export interface WrappingLayer {
  wrap(handler: ResponseHandler): Handler;
  /**
   * Options that hold for a resource and everything below it while the layer is around its receiver, as if they had been
   * given to `setProperty`. So layers further out know what is waiting on the way of a request.
   */
  readonly inheritedProperties?: readonly Property[];
}

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
    const wrapped = wrapIn(layer, responding);
    return wrapped === responding ? inner : (wrapped as RawHandler);
  }, handler);
}

/** What a function that is no layer throws or returns tells its author nothing: the error says what a layer is. */
function wrapIn(layer: Layer, handler: ResponseHandler): Handler {
  let wrapped: unknown;
  try {
    wrapped = typeof layer === "function" ? layer(handler) : layer.wrap(handler);
  } catch (error) {
    // From a layer within this one, which the error names already.
    if (error instanceof InvalidLayerError) {
      throw error;
    }
    const message = `The layer "${layerName(layer)}" threw ${textOf(error)}. ${layerAdvice(layer)}`;
    throw new InvalidLayerError(message, [], { cause: error });
  }
  if (typeof wrapped !== "function") {
    if (isPromiseLike(wrapped)) {
      // It goes on without its next(), and nobody waits for it.
      Promise.resolve(wrapped).catch(() => {});
    }
    const message = `The layer "${layerName(layer)}" returned ${describeValue(wrapped)}, not a handler. ${layerAdvice(layer)}`;
    throw new InvalidLayerError(message, []);
  }
  return wrapped as Handler;
}

function layerAdvice(layer: Layer): string {
  if (typeof layer === "function" && /^class\b/.test(Function.prototype.toString.call(layer))) {
    return `It is a class: give an instance, new ${layer.name}(…), whose wrap(handler) returns a handler.`;
  }
  return typeof layer === "function" && layer.length > 1
    ? `It looks like a middleware of another framework: connectLayer(${layer.name || "…"}), of "argania/connect", makes a layer of one of Express or Connect; write any other as around((context, next) => …).`
    : "A layer is (handler) => (context, args) => …; around((context, next) => …) writes one for you.";
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : describeValue(error);
}

/** Makes a response of whatever a handler gives, promising it only when the handler does. */
export function respondWith(
  result: unknown,
  context: ResponseContext,
  toResponse: typeof intoResponse = intoResponse,
): MaybePromise<LightResponse> {
  if (result instanceof LightResponse) {
    return result.settledFor(context);
  }
  return isPromiseLike(result)
    ? Promise.resolve(result).then((value) => toResponse(value, context))
    : toResponse(result, context);
}

/**
 * Handlers that are known to respond: making sure of it once more would cost a call for each layer, and a promise where
 * there is one.
 */
const responseHandlers = new WeakSet<RawHandler>();

/** Says of a handler that it returns responses only, or promises of them. */
export function asResponseHandler(handler: RawHandler): ResponseHandler {
  responseHandlers.add(handler);
  return handler as ResponseHandler;
}

function responseHandlerOf(handler: RawHandler): ResponseHandler {
  return responseHandlers.has(handler)
    ? (handler as ResponseHandler)
    : asResponseHandler((context, args) => respondWith(handler(context, args), context));
}

/** Throws an `InvalidLayerError` (`ARGANIA_INVALID_LAYER`) when `value` cannot be a layer. */
export function assertLayer(value: unknown): asserts value is Layer {
  const isLayer =
    typeof value === "function" ||
    (typeof value === "object" && value !== null && typeof (value as { wrap?: unknown }).wrap === "function");
  if (!isLayer) {
    throw new InvalidLayerError(
      `A layer is a function (handler) => handler or an object with wrap(handler), not ${describeValue(value)}. around((context, next) => …) writes one for you.`,
      [],
    );
  }
}

/** The options that layers bring with them; an inner layer's hold. */
export function inheritedPropertiesOf(layers: readonly Layer[]): Properties {
  if (layers.length === 0) {
    return NO_PROPERTIES;
  }
  const properties = layers.flatMap((layer) => layer.inheritedProperties ?? []);
  return properties.length === 0
    ? NO_PROPERTIES
    : new Map(properties.map(({ kind, value }) => [kind as PropertyKind<unknown>, value]));
}

/** The name of a layer, for `describe()`. */
export function layerName(layer: Layer): string {
  return typeof layer === "function" ? layer.name || "layer" : layer.constructor.name;
}
