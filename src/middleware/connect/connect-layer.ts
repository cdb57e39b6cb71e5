import type { Handler, ResponseHandler } from "../../handler/handler.ts";
import { asResponseHandler, type WrappingLayer } from "../../handler/layer.ts";
import { checkedMiddlewares } from "./checked-middlewares.ts";
import type { ConnectMiddleware } from "./connect-types.ts";
import { placeFinder } from "./mount.ts";
import { Passage } from "./passage.ts";
import { runMiddlewares } from "./run-middlewares.ts";

/**
 * A layer that runs middleware of Express or Connect, `(req, res, next) => …`, around what is inside of it.
 *
 * What is inside runs when the last middleware calls `next()`. Its response is written through the middleware's `res`, so
 * that everything which patches that (`compression`, `express-session`, `morgan`) does its work, and what comes out is the
 * response that layers further outside see. A middleware that answers itself is the end of the way; its response goes
 * outwards as any other. An error of what is inside passes outwards as ever; the response that it becomes is written
 * through the middleware as well, right before it is sent.
 *
 * - `next(error)`, a throw and a rejected promise are thrown outwards. An error with a `status` of 400 to 599 becomes a
 *   `ConnectMiddlewareError` (`ARGANIA_CONNECT_MIDDLEWARE`) of that status, whose `cause` it is.
 * - `req.url` is what is left of the path below the resource that the layer is on, `req.baseUrl` the path of that, and
 *   `req.originalUrl` the whole, all in canonical encoding.
 * - `req` is the request of Node on HTTP/1, and one made for the occasion on HTTP/2, under `service.fetch` and in
 *   `service.request`. All middleware of a request shares it. Every layer has a `res` of its own.
 * - `req.ip`, `res.status()`, `res.json()` and their like are there. What needs more of Express goes into an app:
 *   `connectLayer(express().use(…))`.
 *
 * Throws a `TypeError` for what is no middleware, and a `ConnectRuntimeError` (`ARGANIA_CONNECT_RUNTIME`) where there is no
 * `node:http`.
 *
 * @example
 * ```ts
 * root.addLayerTo(_requestReceiver(connectLayer(helmet(), session({ secret, resave: false, saveUninitialized: false }))));
 * ```
 * Source: Connect; tower, whose layers are everybody's.
 */
export function connectLayer(
  ...middlewares: (ConnectMiddleware | readonly ConnectMiddleware[])[]
): ConnectLayer {
  return new ConnectLayer(checkedMiddlewares("connectLayer", middlewares.flat()));
}

/** See {@link connectLayer}. */
export class ConnectLayer implements WrappingLayer {
  readonly #middlewares: readonly ConnectMiddleware[];

  /** @internal */
  constructor(middlewares: readonly ConnectMiddleware[]) {
    this.#middlewares = middlewares;
  }

  wrap(handler: ResponseHandler): Handler {
    const middlewares = this.#middlewares;
    const placeOf = placeFinder("encode");
    return asResponseHandler((context, args) =>
      new Passage(context, placeOf(context), () => handler(context, args)).start(
        (request, response, events) => runMiddlewares(middlewares, request, response, events),
      ),
    );
  }
}
