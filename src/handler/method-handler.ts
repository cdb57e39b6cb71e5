import { NO_PROPERTIES, type Properties, type Property, propertyEntries } from "../common/property.ts";
import type { PathParams } from "../request/request-context.ts";
import type { Handler } from "./handler.ts";
import { assertLayer, type Layer } from "./layer.ts";

/** What a handler is for: a method, every other method, or requests that reach no resource. */
export type HandlerSlot =
  | { readonly kind: "method"; readonly method: string }
  | { readonly kind: "wildcard-method" }
  | { readonly kind: "mistargeted-request" };

interface Attachments {
  readonly layers: readonly Layer[];
  readonly extension: unknown;
  readonly properties: Properties;
}

const NOTHING_ATTACHED: Attachments = {
  layers: Object.freeze([]),
  extension: undefined,
  properties: NO_PROPERTIES,
};

/**
 * A handler with its purpose and its own layers, extension and options, as `_get.to(…)` makes it.
 * Immutable: each method returns a new one.
 */
export class MethodHandler<
  Params extends object = PathParams,
  NodeExtension = unknown,
  HandlerExtension = undefined,
> {
  readonly slot: HandlerSlot;
  /** `null` takes the handler of this purpose away: `_wildcardMethod.to(null)` makes 405 a mistargeted request. */
  readonly handler: Handler<Params, NodeExtension, HandlerExtension> | null;
  readonly layers: readonly Layer[];
  readonly extension: unknown;
  readonly properties: Properties;

  /** @internal Only for the framework: use `_get.to(…)` and its like. */
  constructor(
    slot: HandlerSlot,
    handler: Handler<Params, NodeExtension, HandlerExtension> | null,
    attachments: Attachments = NOTHING_ATTACHED,
  ) {
    this.slot = slot;
    this.handler = handler;
    this.layers = attachments.layers;
    this.extension = attachments.extension;
    this.properties = attachments.properties;
    Object.freeze(this);
  }

  /** Wraps only this handler. The first layer is the outermost; those added later are inside of those before. */
  wrappedIn(...layers: Layer[]): MethodHandler<Params, NodeExtension, HandlerExtension> {
    layers.forEach(assertLayer);
    return new MethodHandler(this.slot, this.handler, {
      ...this,
      layers: Object.freeze([...this.layers, ...layers]),
    });
  }

  /** Attaches a value that the handler gets as `args.handlerExtension`. */
  withExtension(extension: HandlerExtension): MethodHandler<Params, NodeExtension, undefined> {
    const handler = this.handler as Handler<Params, NodeExtension, undefined> | null;
    return new MethodHandler(this.slot, handler, { ...this, extension });
  }

  /** Sets options for this handler alone. */
  withProperty(...properties: Property[]): MethodHandler<Params, NodeExtension, HandlerExtension> {
    const all = new Map([...this.properties, ...propertyEntries("withProperty", properties)]);
    return new MethodHandler(this.slot, this.handler, { ...this, properties: all });
  }
}
