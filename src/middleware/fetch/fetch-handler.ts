import { isPromiseLike, type MaybePromise } from "../../common/maybe-promise.ts";
import { respondWith } from "../../handler/layer.ts";
import type { Args } from "../../request/args.ts";
import { RequestContext } from "../../request/request-context.ts";
import type { LightResponse } from "../../response/light-response.ts";
import { NotFoundResourceError } from "../../response/routing-errors.ts";
import {
  type FetchApp,
  type FetchExecutionContext,
  type FetchFunction,
  fetchFunctionOf,
} from "./fetch-app.ts";
import { type FetchHandlerOptions, fetchHandlerSettings } from "./fetch-handler-options.ts";
import { fetchRequestOf } from "./fetch-request.ts";
import { upgradeOf } from "./fetch-upgrade.ts";
import { fetchedResponse } from "./fetched-response.ts";

/** A handler for any resource and any method. */
export type FetchHandler = (context: RequestContext<object>, args: Args) => MaybePromise<LightResponse>;

/**
 * Mounts a web-standard fetch app: Hono, GraphQL Yoga, tRPC, an MCP server, better-auth, or a function of one's own.
 * Give it to `_wildcardMethod` of a subtree handler, so that it gets every method and every path below. `"?*"` leaves
 * trailing slashes to the app.
 *
 * - Layers, guards and params in front of it apply as to any handler.
 * - The body of the request is streamed, and so is that of the response, as fast as the client takes it.
 * - `request.signal` is aborted when the client goes away; then the response's body is cancelled.
 * - What the app throws or rejects with passes outwards through the layers.
 *
 * Throws a `TypeError` for what is no app, and for unknown options. Requests fail with a `FetchMethodError`
 * (`ARGANIA_FETCH_METHOD`, 405) for methods that no web `Request` has, a `BodyAlreadyReadError`
 * (`ARGANIA_BODY_ALREADY_READ`) when something in front has read the body, an `InvalidResponseError`
 * (`ARGANIA_INVALID_RESPONSE`) when the app returns no `Response`, and a `NotFoundResourceError`
 * (`ARGANIA_NOT_FOUND_RESOURCE`) for paths with an empty segment in them, which lead nowhere in a tree: an app that joins
 * slashes would be reached around the guards.
 *
 * @example
 * ```ts
 * const api = new Hono().basePath("/api").get("/hello", (c) => c.text("Hello from Hono"));
 * root.subresource("/api ?*").setHandlerFor(_wildcardMethod.to(fetchHandler(api)));
 * ```
 */
export function fetchHandler(app: FetchApp | FetchFunction, options: FetchHandlerOptions = {}): FetchHandler {
  const run = fetchFunctionOf(app, "fetchHandler");
  const settings = fetchHandlerSettings(options);
  const { envOf, isGivenUp } = settings;
  return (context, args) => {
    if (context.path.includes("//")) {
      throw new NotFoundResourceError();
    }
    const request = fetchRequestOf(context, settings);
    const settle = (value: unknown): MaybePromise<LightResponse> => {
      const response = upgradeOf(value, context) ?? fetchedResponse(value, context);
      return isGivenUp?.(response) === true ? answerInstead(response, context) : response;
    };
    const result: unknown = run(request, envOf(context, args), executionContextOf(context));
    return isPromiseLike(result) ? Promise.resolve(result).then(settle) : settle(result);
  };
}

/** Own members, since some apps copy them. */
function executionContextOf(context: RequestContext<object>): FetchExecutionContext {
  return {
    waitUntil: (promise) => context.waitUntil(promise),
    passThroughOnException: () => {},
    props: {},
  };
}

/** Gives the request to whoever answers mistargeted requests further out. */
function answerInstead(
  response: LightResponse,
  context: RequestContext<object>,
): MaybePromise<LightResponse> {
  response.body?.cancel().catch(() => {});
  const outer = context as RequestContext;
  const route = RequestContext.routeOf(outer);
  const answerer = route.node.outerAnswerer ?? null;
  if (answerer === null) {
    throw new NotFoundResourceError();
  }
  return respondWith(answerer(route, outer), outer);
}
