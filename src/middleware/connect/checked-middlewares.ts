import { describeValue } from "../../common/describe-value.ts";
import { nodeHttp } from "./node-http.ts";

/** How many parameters an error middleware has: that is how Express tells it from others. */
const ERROR_PARAMETERS = 4;

/**
 * Makes sure of middleware when a tree is defined. Throws a `TypeError` for what is none, a `ConnectRuntimeError` where it
 * could not run.
 */
export function checkedMiddlewares<Middleware>(
  owner: string,
  middlewares: readonly Middleware[],
): readonly Middleware[] {
  nodeHttp();
  if (middlewares.length === 0) {
    throw new TypeError(`${owner} takes at least one middleware: ${owner}(helmet()).`);
  }
  for (const middleware of middlewares as readonly unknown[]) {
    if (typeof middleware !== "function") {
      throw new TypeError(
        `${owner} takes middleware, which is a function, not ${describeValue(middleware)}. What is imported may be what makes one: ${owner}(helmet()).`,
      );
    }
    assertKind(owner, middleware.length === ERROR_PARAMETERS);
  }
  return Object.freeze([...middlewares]);
}

function assertKind(owner: string, isErrorMiddleware: boolean): void {
  if (isErrorMiddleware && owner !== "connectErrorLayer") {
    throw new TypeError(
      `${owner} got an error middleware, (err, req, res, next): put connectErrorLayer(…) around what may fail.`,
    );
  }
  if (!isErrorMiddleware && owner === "connectErrorLayer") {
    throw new TypeError(
      "connectErrorLayer takes error middleware, with the four parameters (err, req, res, next): other middleware goes into connectLayer(…).",
    );
  }
}
