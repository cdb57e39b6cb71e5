import { assertNoMore } from "../common/assert-no-more.ts";
import { CONNECT_APP_ADVICE, isConnectApp } from "../common/connect-app.ts";
import { describeValue } from "../common/describe-value.ts";
import { type Extractor, isExtractor } from "../data/extractor.ts";
import type { PathParams } from "../request/request-context.ts";
import {
  type ExtractingHandler,
  extractingHandler,
  type RouteParams,
  type WantedParams,
} from "./extracting-handler.ts";
import type { Handler } from "./handler.ts";
import { assertLayer, type Layer } from "./layer.ts";
import { type HandlerSlot, MethodHandler } from "./method-handler.ts";

const TO_ADVICE = ".to([extractors], handler).wrappedIn(layer)";

/** A purpose that waits for its handler. */
export class HandlerKind {
  readonly slot: HandlerSlot;
  readonly #layers: readonly Layer[];

  /** @internal Only for the framework: use `_get` and its like. */
  constructor(slot: HandlerSlot, layers: readonly Layer[] = []) {
    this.slot = slot;
    this.#layers = layers;
  }

  /**
   * Wraps the handler to come: `_get.wrappedIn(auth).to((context) => …)` is `_get.to(…).wrappedIn(auth)`, but keeps
   * the types that the resource gives to the handler.
   */
  wrappedIn(...layers: Layer[]): HandlerKind {
    layers.forEach(assertLayer);
    return new HandlerKind(this.slot, [...this.#layers, ...layers]);
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
  ): MethodHandler<RouteParams<Params, WantedParams<Extractors>>, NodeExtension, HandlerExtension>;
  to(first: unknown, second?: unknown, ...more: unknown[]): MethodHandler<never, never, never> {
    assertArguments(first, second);
    assertNoMore(more, ".to takes a handler, or extractors and a handler", TO_ADVICE);
    const handler = Array.isArray(first)
      ? extractingHandler(first as Extractor<unknown>[], second as (...values: unknown[]) => unknown)
      : first;
    const made = methodHandlerOf(this.slot, handler);
    return this.#layers.length === 0 ? made : made.wrappedIn(...this.#layers);
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
  ): MethodHandler<RouteParams<Params, WantedParams<Extractors>>, NodeExtension, HandlerExtension>;
  override to(first: unknown, second?: unknown, ...more: unknown[]): MethodHandler<never, never, never> {
    return first === null && second === undefined && more.length === 0
      ? new MethodHandler<never, never, never>(this.slot, null)
      : super.to(first as never, second as never, ...(more as []));
  }
}

/** Without this, what stands behind a first function would be dropped, and an extractor be called as the handler. */
function assertArguments(first: unknown, second: unknown): void {
  if (Array.isArray(first)) {
    return;
  }
  if (isExtractor(first)) {
    const name = typeof first === "function" ? (first as { name: string }).name : "extractor";
    throw new TypeError(`Put extractors into an array: .to([${name}], handler).`);
  }
  if (second !== undefined) {
    throw new TypeError(
      ".to takes one handler. What runs in front of it is a layer, .wrappedIn(layer), or extractors in an array, .to([extractors], handler).",
    );
  }
}

function methodHandlerOf(slot: HandlerSlot, handler: unknown): MethodHandler<never, never, never> {
  if (typeof handler !== "function") {
    throw new TypeError(
      `${slot.kind === "method" ? slot.method : slot.kind}: a handler is a function, not ${describeValue(handler)}. Write .to((context, args) => …) or .to([extractors], (…values, context, args) => …).`,
    );
  }
  if (isConnectApp(handler)) {
    throw new TypeError(`A handler is (context, args) => …. ${CONNECT_APP_ADVICE}`);
  }
  return new MethodHandler(slot, handler as Handler<never, never, never>);
}
