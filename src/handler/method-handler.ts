import { isPromiseLike } from "../common/maybe-promise.ts";
import type { Properties, Property } from "../common/property.ts";
import type { Extracted, Extractor } from "../data/extractor.ts";
import type { Args } from "../request/args.ts";
import type { PathParams, RequestContext } from "../request/request-context.ts";
import type { IntoResponse } from "../response/into-response.ts";
import type { Handler, RawHandler } from "./handler.ts";
import { assertLayer, type Layer } from "./layer.ts";

/** What a handler is for: a method, every other method, or requests that reach no resource. */
export type HandlerSlot =
  | { readonly kind: "method"; readonly method: string }
  | { readonly kind: "wildcard-method" }
  | { readonly kind: "mistargeted-request" };

/** A handler that takes what extractors found, then the context and the args. */
export type ExtractingHandler<
  Extractors extends readonly unknown[],
  Params extends object,
  NodeExtension,
  HandlerExtension,
> = (
  ...values: [
    ...Extracted<Extractors>,
    context: RequestContext<Params>,
    args: Args<NodeExtension, HandlerExtension>,
  ]
) => IntoResponse | Promise<IntoResponse>;

interface Attachments {
  readonly layers: readonly Layer[];
  readonly extension: unknown;
  readonly properties: Properties;
}

const NOTHING_ATTACHED: Attachments = { layers: [], extension: undefined, properties: new Map() };

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

  /** Only for the framework: use `_get.to(…)` and its like. */
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
  }

  /** Wraps only this handler. The first layer is the outermost; those added later are inside of those before. */
  wrappedIn(...layers: Layer[]): MethodHandler<Params, NodeExtension, HandlerExtension> {
    layers.forEach(assertLayer);
    return new MethodHandler(this.slot, this.handler, { ...this, layers: [...this.layers, ...layers] });
  }

  /** Attaches a value that the handler gets as `args.handlerExtension`. */
  withExtension(extension: HandlerExtension): MethodHandler<Params, NodeExtension, undefined> {
    const handler = this.handler as Handler<Params, NodeExtension, undefined> | null;
    return new MethodHandler(this.slot, handler, { ...this, extension });
  }

  /** Sets options for this handler alone. */
  withProperty(...properties: Property[]): MethodHandler<Params, NodeExtension, HandlerExtension> {
    const all = new Map(this.properties);
    for (const { kind, value } of properties) {
      all.set(kind, value);
    }
    return new MethodHandler(this.slot, this.handler, { ...this, properties: all });
  }
}

/** A purpose that waits for its handler. */
export class HandlerKind {
  readonly slot: HandlerSlot;

  constructor(slot: HandlerSlot) {
    this.slot = slot;
  }

  /** The handler for this purpose. `context.params` is typed by the resource that the result is given to. */
  to<Params extends object = PathParams, NodeExtension = unknown, HandlerExtension = undefined>(
    handler: Handler<Params, NodeExtension, HandlerExtension>,
  ): MethodHandler<Params, NodeExtension, HandlerExtension>;
  /** The handler behind extractors: it gets what they found, in their order, then the context and the args. */
  to<
    const Extractors extends readonly Extractor<unknown, object>[],
    Params extends object = PathParams,
    NodeExtension = unknown,
    HandlerExtension = undefined,
  >(
    extractors: Extractors,
    handler: ExtractingHandler<Extractors, Params, NodeExtension, HandlerExtension>,
  ): MethodHandler<Params, NodeExtension, HandlerExtension>;
  to(first: unknown, second?: unknown): MethodHandler<never, never, never> {
    const handler = Array.isArray(first)
      ? extractingHandler(first as Extractor<unknown>[], second as (...values: unknown[]) => unknown)
      : first;
    return methodHandlerOf(this.slot, handler);
  }
}

/** A purpose that can also be left without a handler, deliberately. */
export class OptionalHandlerKind extends HandlerKind {
  override to<Params extends object = PathParams, NodeExtension = unknown, HandlerExtension = undefined>(
    handler: Handler<Params, NodeExtension, HandlerExtension> | null,
  ): MethodHandler<Params, NodeExtension, HandlerExtension>;
  override to<
    const Extractors extends readonly Extractor<unknown, object>[],
    Params extends object = PathParams,
    NodeExtension = unknown,
    HandlerExtension = undefined,
  >(
    extractors: Extractors,
    handler: ExtractingHandler<Extractors, Params, NodeExtension, HandlerExtension>,
  ): MethodHandler<Params, NodeExtension, HandlerExtension>;
  override to(first: unknown, second?: unknown): MethodHandler<never, never, never> {
    return first === null
      ? new MethodHandler<never, never, never>(this.slot, null)
      : super.to(first as never, second as never);
  }
}

function methodHandlerOf(slot: HandlerSlot, handler: unknown): MethodHandler<never, never, never> {
  if (typeof handler !== "function") {
    throw new TypeError(
      `${slot.kind === "method" ? slot.method : slot.kind}: a handler is a function, not ${handler === null ? "null" : typeof handler}. Write .to((context, args) => …) or .to([extractors], (…values, context, args) => …).`,
    );
  }
  return new MethodHandler(slot, handler as Handler<never, never, never>);
}

/** Runs the extractors in order, waiting only for those that must be waited for. */
function extractingHandler(
  extractors: readonly Extractor<unknown>[],
  handler: (...values: unknown[]) => unknown,
): RawHandler {
  if (typeof handler !== "function") {
    return handler;
  }
  return (context, args) => {
    const values: unknown[] = [];
    for (const extractor of extractors) {
      const value = extractor.extract(context, args);
      if (isPromiseLike(value)) {
        return extractLater(extractors, values, value, context, args).then((all) =>
          handler(...all, context, args),
        );
      }
      values.push(value);
    }
    return handler(...values, context, args);
  };
}

async function extractLater(
  extractors: readonly Extractor<unknown>[],
  values: unknown[],
  pending: PromiseLike<unknown>,
  context: RequestContext,
  args: Args,
): Promise<unknown[]> {
  values.push(await pending);
  for (const extractor of extractors.slice(values.length)) {
    values.push(await extractor.extract(context, args));
  }
  return values;
}
