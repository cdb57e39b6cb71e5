import { assertNoMore } from "../common/assert-no-more.ts";
import { describeValue } from "../common/describe-value.ts";
import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import { asResponseHandler, type LayerFunction, respondWith } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import type { PathParams, RequestContext } from "../request/request-context.ts";
import { type IntoResponse, InvalidResponseError, intoResponse } from "../response/into-response.ts";
import type { LightResponse } from "../response/light-response.ts";
import type { ResponseContext } from "../response/response-context.ts";

/**
 * Makes a layer that returns nothing on one of its paths a compile error: a forgotten `return next()` would hide the
 * response inside. Of `any`, and of whatever a handler may return, nothing is known before it is returned.
 */
export type ReturnsResponse<
  Result,
  Advice extends string = "A layer returns a response on every path: return next().",
> = [IntoResponse] extends [Awaited<Result>]
  ? unknown
  : undefined extends Awaited<Result>
    ? // Without strictNullChecks everything may be undefined.
      undefined extends 1
      ? unknown
      : Advice
    : unknown;

/** What is inside of a layer: its response, at once or later, or what it throws. */
export type Next = () => MaybePromise<LightResponse>;

/**
 * A layer from a function that does its work around `next()`.
 *
 * A layer fits any place, so the types of params and extensions are those that its author annotates the context and the
 * args with; nothing checks that it is added where they hold.
 *
 * A layer that returns nothing after all, at once or later, is an `InvalidResponseError` (`ARGANIA_INVALID_RESPONSE`) that
 * names it, and a 500.
 *
 * @example
 * ```ts
 * const timing = around(async (context, next) => {
 *   const start = performance.now();
 *   const response = await next();
 *   response.headers.set("server-timing", `total;dur=${performance.now() - start}`);
 *   return response;
 * });
 * ```
 */
export function around<
  Result extends IntoResponse | Promise<IntoResponse>,
  Params extends object = PathParams,
  NodeExtension = unknown,
  HandlerExtension = unknown,
>(
  surround: ((
    context: RequestContext<Params>,
    next: Next,
    args: Args<NodeExtension, HandlerExtension>,
  ) => Result) &
    ReturnsResponse<Result>,
): LayerFunction;
export function around(surround: unknown, ...more: unknown[]): LayerFunction {
  assertNoMore(more, "around takes a function", "stack(around(first), around(second))");
  if (typeof surround !== "function") {
    throw new TypeError(
      `around takes a function, not ${describeValue(surround)}: write around((context, next) => …). What is a layer already goes without around.`,
    );
  }
  const call = surround as (context: RequestContext, next: Next, args: Args) => unknown;
  const toResponse = (value: unknown, context?: ResponseContext) => {
    if (value === undefined) {
      throw new InvalidResponseError(
        `The layer "${layer.name}" returned nothing, which would hide the response inside of it: return next().`,
      );
    }
    return intoResponse(value, context);
  };
  const layer: LayerFunction = (handler) =>
    // Only here, where its promise is waited for, can it be told that a layer has returned nothing.
    asResponseHandler((context, args) => {
      let inner: MaybePromise<LightResponse> | undefined;
      const next = () => {
        inner = handler(context, args);
        return inner;
      };
      const result = call(context, next, args);
      if (inner !== undefined && result === inner) {
        // What is only passed on is a response, or the promise of one.
        return inner;
      }
      if (isPromiseLike(result)) {
        return Promise.resolve(result).then((value) => {
          ignoreForgotten(value, inner);
          return toResponse(value, context);
        });
      }
      ignoreForgotten(result, inner);
      return respondWith(result, context, toResponse);
    });
  Object.defineProperty(layer, "name", { value: surround.name || "around" });
  return layer;
}

/** After a forgotten `return next()`: the error says so, and nobody else waits for what is inside, which may fail. */
function ignoreForgotten(result: unknown, inner: MaybePromise<LightResponse> | undefined): void {
  if (result === undefined && isPromiseLike(inner)) {
    Promise.resolve(inner).catch(() => {});
  }
}
