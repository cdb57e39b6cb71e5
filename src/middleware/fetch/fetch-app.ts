import { CONNECT_APP_ADVICE, isConnectApp } from "../../common/connect-app.ts";
import { describeValue } from "../../common/describe-value.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";

/** What fetch apps get as their third argument, as Workers pass it. */
export interface FetchExecutionContext {
  /** Lets work go on after the response: as `context.waitUntil`. */
  waitUntil(promise: Promise<unknown>): void;
  /** For apps written for Workers; does nothing. */
  passThroughOnException(): void;
  readonly props: object;
}

/** Anything with a web-standard `fetch` method: an app of Hono, GraphQL Yoga, h3, itty-router … */
export interface FetchApp {
  fetch(request: Request, env?: unknown, executionContext?: FetchExecutionContext): MaybePromise<Response>;
}

/** The web-standard handler by itself: `auth.handler`, or `(request) => …`. */
export type FetchFunction = {
  // A method, so that functions with narrower types for what stands in `env` fit, too.
  call(request: Request, env: unknown, executionContext: FetchExecutionContext): MaybePromise<Response>;
}["call"];

/**
 * The function that answers requests. An object's own `fetch` comes first: some apps are functions as well, which take
 * other things.
 *
 * Throws a `TypeError` for what is no fetch app.
 */
export function fetchFunctionOf(app: FetchApp | FetchFunction, owner: string): FetchFunction {
  const withFetch = app as Partial<FetchApp> | null | undefined;
  if (typeof withFetch?.fetch === "function") {
    const { fetch } = withFetch;
    return (request, env, executionContext) => fetch.call(withFetch, request, env, executionContext);
  }
  if (isConnectApp(app)) {
    throw new TypeError(`${owner} takes a web-standard app. ${CONNECT_APP_ADVICE}`);
  }
  if (typeof app === "function") {
    return app;
  }
  throw new TypeError(
    `${owner} takes an app with a fetch method or a function (request) => Response, not ${describeValue(app)}: write ${owner}(app) for Hono or GraphQL Yoga, ${owner}(auth.handler) for better-auth, ${owner}((request) => …) for anything else.`,
  );
}
