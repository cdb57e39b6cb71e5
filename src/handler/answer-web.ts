import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import type { ReadForwarded } from "../request/forwarded.ts";
import { RequestContext } from "../request/request-context.ts";
import type { WebSource } from "../request/web-source.ts";
import { withBegunBody } from "../response/begun-body.ts";
import { intoResponse } from "../response/into-response.ts";
import type { LightResponse } from "../response/light-response.ts";
import { RoutingFailure } from "../response/routing-failure.ts";
import { isBodiless } from "../response/status-code.ts";
import { toWebResponse } from "../response/to-web-response.ts";
import { SWITCHING_PROTOCOLS, UpgradeResponse } from "../response/upgrade-response.ts";
import type { ContextScope } from "./current-context.ts";
import { type Logger, reportOf, reportTo } from "./logger.ts";
import { observeBody } from "./observed-body.ts";
import { failureOf, renderError, reportUpgraded } from "./render-error.ts";
import { routeRequest } from "./route-request.ts";
import { runSendHooks, runSendHooksOnError } from "./run-send-hooks.ts";
import type { ServiceRoot } from "./service-root.ts";

/** What a service answers web-standard requests with. */
export interface WebAnswering {
  readonly root: ServiceRoot;
  readonly logger: Logger;
  readonly readForwarded: ReadForwarded | null;
  readonly scope: ContextScope | null;
}

/** A web-standard request on its way to its answer. */
interface WebExchange extends WebAnswering {
  readonly source: WebSource;
  readonly isHead: boolean;
  /** Set once it is in the tree. */
  context: RequestContext | undefined;
}

/** Answers a web-standard request, whatever its handler does. */
export function answerWeb(source: WebSource, answering: WebAnswering): MaybePromise<Response> {
  const { root, logger, readForwarded, scope } = answering;
  const isHead = source.method === "HEAD";
  const exchange: WebExchange = { root, logger, readForwarded, scope, source, isHead, context: undefined };
  return scope === null ? answer(exchange) : scope.run(exchange, answer, exchange);
}

function answer(exchange: WebExchange): MaybePromise<Response> {
  const { root, source, readForwarded } = exchange;
  try {
    const route = routeRequest(root, source, readForwarded);
    const context = new RequestContext(source, route);
    exchange.context = context;
    const result = root.enter(route, context);
    return isPromiseLike(result)
      ? Promise.resolve(result).then(
          (value) => attemptSend(exchange, context, value),
          (error: unknown) => fail(exchange, error),
        )
      : send(exchange, context, result);
  } catch (error) {
    return fail(exchange, error);
  }
}

/** In place of a `catch` behind the `then`, which would be another promise. */
function attemptSend(exchange: WebExchange, context: RequestContext, value: unknown): MaybePromise<Response> {
  try {
    return send(exchange, context, value);
  } catch (error) {
    return fail(exchange, error);
  }
}

function send(exchange: WebExchange, context: RequestContext, result: unknown): MaybePromise<Response> {
  const { source, logger } = exchange;
  const response = runSendHooks(
    context,
    RoutingFailure.is(result) ? result.render(source.header("accept")) : intoResponse(result, context),
  );
  if (response.status !== SWITCHING_PROTOCOLS) {
    return handOverBegun(exchange, response);
  }
  const upgraded = UpgradeResponse.switchOf(response).onWeb(response.headerList ?? [], (err) =>
    reportUpgraded(err, source, context, logger),
  );
  RequestContext.hooksOf(context)?.noteUpgrade();
  return upgraded;
}

/** Waits for the first chunk where {@link withBegunBody} does. */
function handOverBegun(exchange: WebExchange, response: LightResponse): MaybePromise<Response> {
  const isSent = !exchange.isHead && !isBodiless(response.status);
  const begun = isSent ? withBegunBody(response, exchange.source) : null;
  return begun === null
    ? handOver(exchange, response)
    : begun.then(
        (ready) => handOver(exchange, ready),
        (error: unknown) => fail(exchange, error),
      );
}

const SILENT: Logger = { error() {} };

function fail(exchange: WebExchange, thrown: unknown): Response {
  const error = failureOf(thrown);
  const { source, context } = exchange;
  const logger = isDisconnect(source, error) ? SILENT : exchange.logger;
  const failed = { method: source.method, path: source.target, accept: source.header("accept"), context };
  const render = (problem: unknown) =>
    runSendHooksOnError(context, renderError(problem, failed, logger), (err) =>
      reportTo(logger, reportOf(err, failed), "A hook before sending failed"),
    );
  if (context !== undefined) {
    RequestContext.hooksOf(context)?.noteFailure(error);
  }
  try {
    return handOver(exchange, render(error));
  } catch (sendError) {
    // An error that rendered itself into something that cannot be sent, such as a response read already.
    return handOver(exchange, render(sendError));
  }
}

/** Makes the platform's response, and tells those who wait for the end of the request when that has come. */
function handOver(exchange: WebExchange, response: LightResponse): Response {
  const { source, scope, context, isHead } = exchange;
  const { status } = response;
  source.sentStatus = status;
  const hasStream = !isHead && !isBodiless(status);
  if (context !== undefined && hasStream && (scope !== null || source.isAwaited || !response.hasWebStream)) {
    const observed = observeBody(response, context, scope, (isComplete, failure) => {
      if (failure !== undefined) {
        noteBroken(exchange, context, failure.error);
      }
      source.noteAnswered(status, isComplete);
    });
    if (observed !== null) {
      return toWebResponse(observed, isHead);
    }
  }
  const handed = toWebResponse(response, isHead);
  source.noteHandedOver(status);
  return handed;
}

function noteBroken({ source, logger }: WebExchange, context: RequestContext, error: unknown): void {
  RequestContext.hooksOf(context)?.noteFailure(error);
  if (!isDisconnect(source, error)) {
    const { method, target: path } = source;
    reportTo(logger, reportOf(error, { method, path, context }), "A response failed half-way");
  }
}

/** Work that was cut off by its client's going away: nothing is wrong here. */
function isDisconnect({ signal }: WebSource, error: unknown): boolean {
  return (
    signal.aborted &&
    (Object.is(error, signal.reason) || (error as Partial<Error> | null | undefined)?.name === "AbortError")
  );
}
