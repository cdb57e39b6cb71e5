import { isPromiseLike } from "../../common/maybe-promise.ts";
import type { ConnectErrorMiddleware, ConnectMiddleware, ConnectNext } from "./connect-types.ts";
import type { RawRequest, RawResponse } from "./node-http.ts";

/** Where middleware leads. Each is called at most once by one chain, and only one of them. */
export interface ChainEvents {
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
    runLink(
      (next) => middleware(request, response, next),
      events,
      () => runFrom(index + 1),
      events.onPassed,
    );
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
    const onFailed = (next: unknown) => runFrom(index + 1, next);
    const link: Link = (next) => middleware(current, request, response, next);
    const onLateFailure = (late: unknown) => events.onLateFailure(late);
    const onPassed = () => events.onPassed();
    runLink(link, { onFailed, onLateFailure }, onPassed, onPassed);
  };
  runFrom(0, error);
}

function runLink(
  link: Link,
  events: Omit<ChainEvents, "onPassed">,
  goOn: () => void,
  leave: () => void,
): void {
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
    // Express has these for the way out of a route or a router: past the middleware that is left.
    const isWayOut = error === "route" || error === "router";
    if (error && !isWayOut) {
      fail(error);
    } else if (!isOver) {
      isOver = true;
      isWayOut ? leave() : goOn();
    }
  };
  try {
    const result = link(next);
    if (isPromiseLike(result)) {
      Promise.resolve(result).catch(fail);
    }
  } catch (error) {
    fail(error);
  }
}
