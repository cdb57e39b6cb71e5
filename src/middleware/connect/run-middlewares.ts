import { isPromiseLike } from "../../common/maybe-promise.ts";
import type { ConnectErrorMiddleware, ConnectMiddleware, ConnectNext } from "./connect-types.ts";
import type { RawRequest, RawResponse } from "./node-http.ts";

/** Where middleware leads. Each is called at most once by one chain, and only one of them. */
export interface ChainEvents {
  /** This one runs from now on, until it hands the request on. */
  onEntered(middleware: { readonly name: string }): void;
  /** The last one has handed the request on. */
  onPassed(): void;
  onFailed(error: unknown): void;
  /** A middleware failed that had handed the request on, or whose request is answered. */
  onLateFailure(error: unknown): void;
}

type Link = (next: ConnectNext) => unknown;

/** Runs middleware, each one when the one before has called `next()`. Called again, that does nothing. */
export function runMiddlewares(
  middlewares: readonly ConnectMiddleware[],
  request: RawRequest,
  response: RawResponse,
  events: ChainEvents,
): void {
  const runFrom = (index: number) => {
    const middleware = middlewares[index];
    if (middleware === undefined) {
      events.onPassed();
      return;
    }
    events.onEntered(middleware);
    runLink((next) => middleware(request, response, next), events, {
      goOn: () => runFrom(index + 1),
      leave: () => events.onPassed(),
      onUnused: (returned) => refuseFactory(middleware, returned, response),
    });
  };
  runFrom(0);
}

/** Runs error middleware, each one when the one before has handed an error on. One that hands on none ends the chain. */
export function runErrorMiddlewares(
  middlewares: readonly ConnectErrorMiddleware[],
  error: unknown,
  request: RawRequest,
  response: RawResponse,
  events: ChainEvents,
): void {
  const runFrom = (index: number, current: unknown) => {
    const middleware = middlewares[index];
    if (middleware === undefined) {
      events.onFailed(current);
      return;
    }
    events.onEntered(middleware);
    const onFailed = (next: unknown) => runFrom(index + 1, next);
    const link: Link = (next) => middleware(current, request, response, next);
    const onLateFailure = (late: unknown) => events.onLateFailure(late);
    const onPassed = () => events.onPassed();
    runLink(link, { onFailed, onLateFailure }, { goOn: onPassed, leave: onPassed });
  };
  runFrom(0, error);
}

/** Where `next()` leads, without an error. */
interface Ways {
  goOn(): void;
  /** Past the middleware that is left. */
  leave(): void;
  /** A link has returned this, and not called `next()`, which it may still do. What this throws is the link's failure. */
  onUnused?(returned: unknown): void;
}

/** How many parameters middleware has at least; what stops something is a function too, and has fewer. */
const FEWEST_PARAMETERS = 2;

/** `rateLimit` in place of `rateLimit()` makes middleware for every request, and nobody runs it. */
function refuseFactory(middleware: ConnectMiddleware, returned: unknown, response: RawResponse): void {
  const isMiddleware = typeof returned === "function" && returned.length >= FEWEST_PARAMETERS;
  if (isMiddleware && !response.headersSent && !response.finished && !response.destroyed) {
    const { name } = middleware;
    throw new TypeError(
      `Middleware "${name || "(anonymous)"}" has returned middleware, and neither answered nor called next(). It looks like a factory, which has to be called: write ${name || "factory"}() in its place.`,
    );
  }
}

function runLink(link: Link, events: Omit<ChainEvents, "onPassed" | "onEntered">, ways: Ways): void {
  let isOver = false;
  const fail = (error: unknown) => {
    if (isOver) {
      events.onLateFailure(error);
    } else {
      isOver = true;
      events.onFailed(error);
    }
  };
  const next: ConnectNext = (error) => {
    // Express has these for the way out. There is no route here to leave: as in `app.use`, the next one goes on, which may
    // be a guard. The middleware of a layer is the router.
    if (error && error !== "route" && error !== "router") {
      fail(error);
    } else if (!isOver) {
      isOver = true;
      error === "router" ? ways.leave() : ways.goOn();
    }
  };
  try {
    const result = link(next);
    if (!isOver) {
      ways.onUnused?.(result);
    }
    if (isPromiseLike(result)) {
      Promise.resolve(result).catch(fail);
    }
  } catch (error) {
    fail(error);
  }
}
