import { describeValue } from "../../common/describe-value.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";
import type { ResponseHandler } from "../../handler/handler.ts";
import { asResponseHandler, type LayerFunction } from "../../handler/layer.ts";
import { RequestContext } from "../../request/request-context.ts";
import type { RequestSource } from "../../request/request-source.ts";
import type { LightResponse } from "../../response/light-response.ts";
import { assertRequestable } from "./fetch-request.ts";
import { fetchedResponse } from "./fetched-response.ts";
import { HandedOnSource } from "./handed-on-source.ts";

/**
 * Goes on to what is inside of the layer. Rejects with what is thrown there.
 *
 * @param request what is inside sees the headers, the body and the signal of this one; its method and URL change nothing,
 * since the way through the tree is settled. Default: the request that the middleware was given
 */
export type FetchNext = (request?: Request) => Promise<Response>;

/** A middleware in terms of `Request` and `Response`, as srvx and others have them. */
export type FetchMiddleware = (
  request: Request,
  next: FetchNext,
  context: RequestContext<object>,
) => MaybePromise<Response>;

/**
 * A layer from a fetch-style middleware. The responses of `next()` have mutable headers.
 *
 * A body can be read once: a middleware that reads it does so on `request.clone()`, or hands on another request.
 * A middleware that answers with another response than that of `next()` cancels the body of the one it drops, if it does
 * not keep it: `await response.body?.cancel()`.
 *
 * Requests whose method no web `Request` can have fail with a `FetchMethodError` (`ARGANIA_FETCH_METHOD`, 405); what the
 * middleware returns, if it is no `Response`, with an `InvalidResponseError` (`ARGANIA_INVALID_RESPONSE`). Throws a
 * `TypeError` for what is no function.
 *
 * @example
 * ```ts
 * const poweredBy = fetchLayer(async (request, next) => {
 *   const response = await next();
 *   response.headers.set("x-served-for", new URL(request.url).pathname);
 *   return response;
 * });
 * ```
 */
export function fetchLayer(middleware: FetchMiddleware): LayerFunction {
  if (typeof middleware !== "function") {
    throw new TypeError(
      `fetchLayer takes a function (request, next) => Response, not ${describeValue(middleware)}.`,
    );
  }
  const layer: LayerFunction = (handler) =>
    asResponseHandler(async (context, args): Promise<LightResponse> => {
      assertRequestable(context);
      const { request } = context;
      const next: FetchNext = async (handedOn = request) => {
        handOn(context, handedOn, request);
        return (handler as ResponseHandler)(context, args);
      };
      return fetchedResponse(await middleware(request, next, context), context);
    });
  Object.defineProperty(layer, "name", { value: middleware.name || "fetchLayer" });
  return layer;
}

/** A request that has been cloned has another body than before, too. */
function handOn(context: RequestContext, handedOn: Request, own: Request): void {
  if (!(handedOn instanceof Request)) {
    throw new TypeError(`next of fetchLayer takes a Request or nothing, not ${describeValue(handedOn)}.`);
  }
  const isBodiless = context.method === "GET" || context.method === "HEAD";
  if (handedOn !== own || (!isBodiless && own.body !== context.body)) {
    RequestContext.replaceSource(context, (source: RequestSource) => new HandedOnSource(source, handedOn));
  }
}
