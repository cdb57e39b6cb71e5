import { assertOptions } from "../../common/assert-options.ts";
import type { Handler } from "../../handler/handler.ts";
import { asResponseHandler } from "../../handler/layer.ts";
import { checkedMiddlewares } from "./checked-middlewares.ts";
import type { ConnectMiddleware } from "./connect-types.ts";
import { placeFinder } from "./mount.ts";
import { notFound } from "./not-found.ts";
import { Passage } from "./passage.ts";
import { runMiddlewares } from "./run-middlewares.ts";

export interface ConnectHandlerOptions {
  /**
   * What becomes of a path that has `%2F` or `%5C` in a segment. `"refuse"`, the default, answers 404: an app that takes them
   * for separators, as one for files does, would reach what resources beside it guard. `"pass"` hands them on, still encoded.
   */
  readonly encodedSlashes?: "refuse" | "pass";
}

/**
 * A handler that hands requests to a whole app: of Express, Connect or Koa (`app.callback()`), or any listener of
 * `http.createServer`. Put it under a subtree, for every method; the app sees the path below that, as with
 * `app.use("/legacy", app)`.
 *
 * What the app does not answer is a 404 (`ARGANIA_NOT_FOUND_RESOURCE`), its errors are thrown outwards; both unless the app
 * answers them itself. See {@link connectLayer} for the rest.
 *
 * Throws a `TypeError` for what is no app or no option, and a `ConnectRuntimeError` (`ARGANIA_CONNECT_RUNTIME`) where there
 * is no `node:http`.
 *
 * @example
 * ```ts
 * root.subresource("/legacy ?*").setHandlerFor(_wildcardMethod.to(connectHandler(expressApp)));
 * ```
 * Source: Express, `app.use(path, app)`.
 */
export function connectHandler(app: ConnectMiddleware, options: ConnectHandlerOptions = {}): Handler {
  assertOptions("connectHandler", options, ["encodedSlashes"]);
  const { encodedSlashes = "refuse" } = options;
  if (encodedSlashes !== "refuse" && encodedSlashes !== "pass") {
    throw new TypeError('encodedSlashes of connectHandler is "refuse" or "pass".');
  }
  const apps = checkedMiddlewares("connectHandler", [app]);
  const placeOf = placeFinder(encodedSlashes);
  return asResponseHandler((context) =>
    new Passage(context, placeOf(context), notFound).start((request, response, events) =>
      runMiddlewares(apps, request, response, events),
    ),
  );
}
