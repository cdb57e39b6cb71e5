import type { MaybePromise } from "../common/maybe-promise.ts";
import type { LayerFunction } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { IntoResponse } from "../response/into-response.ts";
import type { LightResponse } from "../response/light-response.ts";

/** What is inside of a layer: its response, at once or later, or what it throws. */
export type Next = () => MaybePromise<LightResponse>;

/**
 * A layer from a function that does its work around `next()`.
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
export function around(
  surround: (context: RequestContext, next: Next, args: Args) => IntoResponse | Promise<IntoResponse>,
): LayerFunction {
  const layer: LayerFunction = (handler) => (context, args) =>
    surround(context, () => handler(context, args), args);
  Object.defineProperty(layer, "name", { value: surround.name || "around" });
  return layer;
}
