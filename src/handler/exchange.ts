import { isAwaitingContinue } from "../request/node-body.ts";
import type { NodeSource } from "../request/node-source.ts";
import type { NodeRequest } from "../request/node-types.ts";
import { RequestContext } from "../request/request-context.ts";
import { intoResponse } from "../response/into-response.ts";
import type { LightResponse } from "../response/light-response.ts";
import { discardResult, type SendOptions, sendResponse, sendResult } from "../response/node-send.ts";
import { breakOff, isGone } from "../response/node-send-stream.ts";
import type { NodeWritable } from "../response/node-writable.ts";
import { HandlerTimeoutError, NotFoundResourceError } from "../response/routing-errors.ts";
import { RoutingFailure } from "../response/routing-failure.ts";
import type { Deadlines } from "./deadlines.ts";
import { type Logger, reportOf, reportTo } from "./logger.ts";
import { failureOf, renderError } from "./render-error.ts";
import { hasSendHooks, runSendHooks, runSendHooksOnError } from "./run-send-hooks.ts";

/** How a middleware of Connect or Express hands a request on. */
export type Next = (error?: unknown) => void;

/** A request of Node on its way to its answer. */
export interface Exchange {
  readonly request: NodeRequest;
  readonly response: NodeWritable;
  readonly source: NodeSource;
  options: SendOptions;
  readonly next: Next | undefined;
  /** Set once it is in the tree. */
  context?: RequestContext;
}

/** Answers with what a handler promises, or with a 503 when that takes too long. */
export function finishLater(
  exchange: Exchange,
  context: RequestContext,
  result: PromiseLike<unknown>,
  deadlines: Deadlines | null,
  logger: Logger,
): void {
  let isExpired = false;
  const deadline = deadlines?.add(() => {
    isExpired = true;
    exchange.source.abort(new DOMException("The handler took too long.", "TimeoutError"));
    fail(exchange, new HandlerTimeoutError(503, `handlerTimeout: ${deadlines?.milliseconds} ms`), logger);
  });
  const isInTime = (): boolean => {
    if (deadline !== undefined) {
      deadlines?.remove(deadline);
    }
    return !isExpired;
  };
  // A thenable may settle twice or have no proper then(): a promise of the platform's own does not.
  Promise.resolve(result).then(
    (value) => (isInTime() ? finish(exchange, context, value, logger) : discardResult(value)),
    (error: unknown) => {
      if (isInTime()) {
        fail(exchange, error, logger);
      }
    },
  );
}

/** Answers with what a handler returned. */
export function finish(exchange: Exchange, context: RequestContext, result: unknown, logger: Logger): void {
  try {
    refuseUnsentBody(exchange);
    const answer = RoutingFailure.is(result) ? refusalOf(exchange, result) : result;
    const changed = hasSendHooks(context) ? runSendHooks(context, intoResponse(answer, context)) : answer;
    sendResult(exchange.response, changed, exchange.options, context)?.catch((error: unknown) =>
      fail(exchange, error, logger),
    );
  } catch (error) {
    fail(exchange, error, logger);
  }
}

/** What a request gets that nothing here takes. In an Express app somebody else may take it: that is for `fail`. */
function refusalOf({ source, next }: Exchange, failure: RoutingFailure): LightResponse {
  if (next !== undefined) {
    throw failure.error();
  }
  return failure.render(source.header("accept"));
}

/** Answers with the error, unless an answer is already under way: then that is broken off, never completed. */
export function fail(exchange: Exchange, thrown: unknown, logger: Logger): void {
  const error = failureOf(thrown);
  const { response, source, options, next } = exchange;
  if (isDisconnect(exchange, error)) {
    if (options.isHttp2) {
      // Goes nowhere, but tells the server that this handler has ended.
      response.end();
    }
    return;
  }
  const { context } = exchange;
  const failed = { method: source.method, path: source.target, accept: source.header("accept"), context };
  const hooks = context === undefined ? undefined : RequestContext.hooksOf(context);
  if (response.headersSent || response.writableEnded) {
    hooks?.noteFailure(error);
    reportTo(logger, reportOf(error, failed), "A response failed half-way");
    if (!response.writableFinished) {
      breakOff(response);
    }
    return;
  }
  if (next !== undefined && error instanceof NotFoundResourceError) {
    hooks?.handOn();
    next();
    return;
  }
  hooks?.noteFailure(error);
  const send = (problem: unknown) => {
    const rendered = runSendHooksOnError(context, renderError(problem, failed, logger), (err) =>
      reportTo(logger, reportOf(err, failed), "A hook before sending failed"),
    );
    if (!options.isHttp2) {
      // Left over when another head could not be written. HTTP/2 has none, and warns of being asked for it.
      response.statusMessage = "";
    }
    refuseUnsentBody(exchange);
    sendResponse(response, rendered, options)?.catch((late: unknown) => fail(exchange, late, logger));
  };
  try {
    send(error);
  } catch (sendError) {
    sendInstead(exchange, () => send(sendError), logger);
  }
}

/** A handler that was cut off by its client's going away: nobody is left to answer, and nothing is wrong here. */
function isDisconnect({ request, response }: Exchange, error: unknown): boolean {
  // Not `request.destroyed`: one that was read to its end, or has no body, is that with its client still there.
  const hasGone = isGone(response) || request.aborted === true;
  const { name, code } =
    error instanceof Error || error instanceof DOMException ? (error as NodeJS.ErrnoException) : {};
  return hasGone && (name === "AbortError" || code === "ECONNRESET");
}

/** For an error that rendered itself into something that cannot be sent, such as a response read already. */
function sendInstead({ response, source }: Exchange, send: () => void, logger: Logger): void {
  try {
    send();
  } catch (err) {
    reportTo(logger, { err, method: source.method, path: source.target }, "An error response failed");
    breakOff(response);
  }
}

/** A client that was never told to go on may send its body or not: the connection cannot be used again. */
function refuseUnsentBody({ request, response, options }: Exchange): void {
  if (!options.isHttp2 && isAwaitingContinue(request)) {
    // Not `setHeader`: with it Node 20 keeps only one of several cookies in `writeHead`.
    response.shouldKeepAlive = false;
  }
}
