import { describeValue } from "../common/describe-value.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { RawHandler } from "../handler/handler.ts";
import { asResponseHandler, type LayerFunction, respondWith } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import type { PathParams, RequestContext } from "../request/request-context.ts";
import { type IntoResponse, InvalidResponseError } from "../response/into-response.ts";
import type { LightResponse } from "../response/light-response.ts";

/** Makes a layer that returns nothing a compile error: a forgotten `return next()` would hide every response. */
export type ReturnsResponse<Result> = [Result] extends [never]
  ? unknown
  : [Awaited<Result>] extends [undefined | void]
    ? "A layer returns a response: return next()."
    : unknown;

/** What is inside of a layer: its response, at once or later, or what it throws. */
export type Next = () => MaybePromise<LightResponse>;

/**
 * A layer from a function that does its work around `next()`.
 *
 * A layer fits any place, so the types of params and extensions are those that its author annotates the context and the
 * args with; nothing checks that it is added where they hold.
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
): LayerFunction {
  if (typeof surround !== "function") {
    throw new TypeError(
      `around takes a function, not ${describeValue(surround)}: write around((context, next) => …). What is a layer already goes without around.`,
    );
  }
  const call = surround as unknown as (context: RequestContext, next: Next, args: Args) => unknown;
  const layer: LayerFunction = (handler) => {
    const raw: RawHandler = (context, args) => {
      const result = call(context, () => handler(context, args), args);
      return result === undefined ? refuseNothing(layer) : result;
    };
    return asResponseHandler((context, args) => {
      let inner: MaybePromise<LightResponse> | undefined;
      const next = () => {
        inner = handler(context, args);
        return inner;
      };
      const result = call(context, next, args);
      if (result === undefined) {
        refuseNothing(layer);
      }
      // What is only passed on is a response, or the promise of one.
      return result === inner ? inner : respondWith(result, context);
    }, raw);
  };
  Object.defineProperty(layer, "name", { value: surround.name || "around" });
  return layer;
}

function refuseNothing({ name }: LayerFunction): never {
  throw new InvalidResponseError(
    `The layer "${name}" returned nothing, which would hide the response inside of it: return next().`,
  );
}
