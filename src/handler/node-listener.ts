import type { DrainNotice } from "../common/drain-notice.ts";
import { isPromiseLike } from "../common/maybe-promise.ts";
import type { UpgradeProblem } from "../common/protocol-switch.ts";
import { boundToRequest } from "../common/request-binding.ts";
import type { BodyMemory } from "../request/body-memory.ts";
import type { ReadForwarded } from "../request/forwarded.ts";
import { NodeSource, type NodeSourceOptions } from "../request/node-source.ts";
import type { NodeRequest } from "../request/node-types.ts";
import { RequestContext } from "../request/request-context.ts";
import type { Route } from "../request/route.ts";
import { asksForWebSocket } from "../request/upgrade-request.ts";
import type { LightResponse } from "../response/light-response.ts";
import type { NodeWritable } from "../response/node-writable.ts";
import type { ContextScope } from "./current-context.ts";
import { Deadlines } from "./deadlines.ts";
import { type Exchange, fail, finish, finishLater, type Next } from "./exchange.ts";
import { type Logger, reportTo } from "./logger.ts";
import { endAfterUpgrade, isBehindUpgrade } from "./refused-upgrade.ts";
import { reportUpgraded } from "./render-error.ts";
import { routeRequest } from "./route-request.ts";
import type { ServiceRoot } from "./service-root.ts";
import { type TakenConnection, takeOver } from "./take-over.ts";
import type { ServeTaken } from "./upgrade-listener.ts";

/** For `http.createServer(…)`, and for `app.use(…)` of Connect and Express, which pass `next`. */
export type NodeListener = (request: NodeRequest, response: NodeWritable, next?: Next) => void;

export interface NodeListenerOptions {
  /** How long a handler may take to return its response, in milliseconds; 0 is without limit. */
  readonly handlerTimeout?: number;
  /** Whether requests belong to this listener alone, as they do without Connect: it may read bodies faster then. */
  readonly ownsRequests?: boolean;
  /** Says when endless responses are to end; without it they go on until their connection is cut off. */
  readonly drainNotice?: DrainNotice;
}

/** What a server calls for requests, and for those whose connection has left HTTP's parser. */
export interface NodeListeners {
  readonly onRequest: NodeListener;
  readonly onTaken: ServeTaken;
}

/** Serves requests of `node:http` and `node:http2` from a tree. Nothing that a handler does escapes from it. */
export function nodeListeners(
  root: ServiceRoot,
  logger: Logger,
  readForwarded: ReadForwarded | null,
  bodyMemory: BodyMemory,
  mountPath: string,
  scope: ContextScope | null,
  { handlerTimeout = 0, ownsRequests = false, drainNotice }: NodeListenerOptions = {},
): NodeListeners {
  const deadlines = handlerTimeout > 0 ? new Deadlines(handlerTimeout) : null;
  const sourceOptions: NodeSourceOptions = {
    reportFailure: (err, message) => reportTo(logger, { err }, message),
    isOwn: ownsRequests,
    memory: bodyMemory,
    drainNotice,
    mountPath,
  };

  const open = (request: NodeRequest, response: NodeWritable, next: Next | undefined): Exchange => {
    const source = new NodeSource(request, response, sourceOptions);
    const options = {
      isHead: source.method === "HEAD",
      isHttp2: request.httpVersionMajor >= 2,
      isOwn: ownsRequests,
      drainNotice,
      switchProtocols: undefined,
    };
    return { request, response, source, options, next };
  };
  /** Within the scope of its request, which routing belongs to, too. */
  const within = (exchange: Exchange, serve: (exchange: Exchange) => void) => {
    if (scope === null) {
      attempt(exchange, serve);
    } else {
      scope.run(exchange, attempt, exchange, serve);
    }
  };
  const attempt = (exchange: Exchange, serve: (exchange: Exchange) => void) => {
    try {
      serve(exchange);
    } catch (error) {
      fail(exchange, error, logger);
    }
  };
  const enter = (exchange: Exchange, route: Route) => {
    const context = new RequestContext(exchange.source, route);
    exchange.context = context;
    const result = root.enter(route, context);
    if (isPromiseLike(result)) {
      exchange.source.hasWaited = true;
      finishLater(exchange, context, result, deadlines, logger);
    } else {
      finish(exchange, context, result, logger);
    }
  };
  const enterTaken = (exchange: Exchange, route: Route, taken: TakenConnection) => {
    const { request, source } = exchange;
    source.upgradeMeans = { kind: "node", request };
    const switchProtocols = (response: LightResponse) => {
      const context = exchange.context as RequestContext;
      const report = boundToRequest((err: unknown) => reportUpgraded(err, source, context, logger));
      taken.switchTo(response, report);
      RequestContext.hooksOf(context)?.noteUpgrade();
    };
    exchange.options = { ...exchange.options, isOwn: false, switchProtocols };
    enter(exchange, route);
  };
  const enterOutcome = (exchange: Exchange, route: Route, outcome: TakenConnection | UpgradeProblem) => {
    if (typeof outcome !== "string") {
      enterTaken(exchange, route, outcome);
      return;
    }
    exchange.source.upgradeMeans = { kind: "none", problem: outcome };
    enter(exchange, route);
  };
  const takeOverFor = (exchange: Exchange, route: Route) => {
    const { request, response } = exchange;
    takeOver(request, response, (outcome) =>
      // Once more, since the events of a connection come from outside of it.
      within(exchange, () => {
        if (typeof outcome === "string") {
          endAfterUpgrade(request, response);
        }
        enterOutcome(exchange, route, outcome);
      }),
    );
  };
  const serve = (exchange: Exchange) => {
    const { request, response, source } = exchange;
    try {
      const route = routeRequest(root, source, readForwarded);
      if (!source.hasUpgradeHeader) {
        enter(exchange, route);
      } else if (asksForWebSocket(request)) {
        takeOverFor(exchange, route);
      } else {
        endAfterUpgrade(request, response);
        enter(exchange, route);
      }
    } catch (error) {
      endAfterUpgrade(request, response);
      fail(exchange, error, logger);
    }
  };

  return {
    onRequest: (request, response, next) => {
      if (isBehindUpgrade(request, response)) {
        return;
      }
      const exchange = open(request, response, next);
      if (scope === null) {
        serve(exchange);
      } else {
        scope.run(exchange, serve, exchange);
      }
    },
    onTaken: (request, response, taken, next) => {
      within(open(request, response, next), (exchange) =>
        enterOutcome(exchange, routeRequest(root, exchange.source, readForwarded), taken),
      );
    },
  };
}
