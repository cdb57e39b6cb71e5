import { isPromiseLike, type MaybePromise } from "../../common/maybe-promise.ts";
import type { Handler, ResponseHandler } from "../../handler/handler.ts";
import { asResponseHandler, type WrappingLayer } from "../../handler/layer.ts";
import type { RequestContext } from "../../request/request-context.ts";
import type { LightResponse } from "../../response/light-response.ts";
import { checkedMiddlewares } from "./checked-middlewares.ts";
import { originalOf } from "./connect-error.ts";
import type { ConnectErrorMiddleware } from "./connect-types.ts";
import { type Place, placeFinder } from "./mount.ts";
import { notFound } from "./not-found.ts";
import { Passage } from "./passage.ts";
import { runErrorMiddlewares } from "./run-middlewares.ts";

/**
 * A layer that has error middleware of Express or Connect, `(err, req, res, next) => …`, answer what is thrown inside of it.
 *
 * `next(err)` throws the error on outwards, or another one; `next()` without an error is a 404, as at the end of an Express
 * app.
 *
 * Throws a `TypeError` for what is no error middleware, and a `ConnectRuntimeError` (`ARGANIA_CONNECT_RUNTIME`) where there
 * is no `node:http`.
 *
 * @example
 * ```ts
 * root.addLayerTo(_requestReceiver(connectErrorLayer((err, req, res, next) => {
 *   if (!(err instanceof MulterError)) return next(err);
 *   res.statusCode = 413;
 *   res.end(err.message);
 * })));
 * ```
 * Source: Express, error-handling middleware.
 */
export function connectErrorLayer(...middlewares: ConnectErrorMiddleware[]): ConnectErrorLayer {
  return new ConnectErrorLayer(checkedMiddlewares("connectErrorLayer", middlewares));
}

/** See {@link connectErrorLayer}. */
export class ConnectErrorLayer implements WrappingLayer {
  readonly #middlewares: readonly ConnectErrorMiddleware[];

  /** @internal */
  constructor(middlewares: readonly ConnectErrorMiddleware[]) {
    this.#middlewares = middlewares;
  }

  wrap(handler: ResponseHandler): Handler {
    const placeOf = placeFinder("encode");
    return asResponseHandler((context, args) => {
      const place = placeOf(context);
      try {
        const response = handler(context, args);
        return isPromiseLike(response)
          ? (response as Promise<LightResponse>).catch((error: unknown) =>
              this.#answer(context, place, error),
            )
          : response;
      } catch (error) {
        return this.#answer(context, place, error);
      }
    });
  }

  #answer(context: RequestContext, place: Place, error: unknown): MaybePromise<LightResponse> {
    return new Passage(context, place, notFound).start((request, response, events) =>
      runErrorMiddlewares(this.#middlewares, originalOf(error), request, response, events),
    );
  }
}
