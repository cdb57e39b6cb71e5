import { describeValue } from "../common/describe-value.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import type { RequestContext } from "../request/request-context.ts";
import { ErrorResponse } from "../response/error-response.ts";
import type { LightResponse } from "../response/light-response.ts";
import { HandlerTimeoutError } from "../response/routing-errors.ts";
import { type RequestException, type RequestSignals, requestSignals } from "../signals/request-signals.ts";
import { SignalReceiverError } from "../signals/signal.ts";
import { tellAtFirstChunk } from "./signals/first-chunk.ts";

/**
 * Sends the request signals around everything inside of it: make it the outermost layer of a receiver or a router.
 *
 * A thrown error goes on outwards after the signals. A receiver that throws ends this request's dispatch: its error
 * takes the place of the response, which makes it a 500. Where the head waits for the first chunk of a stream, so does
 * `requestFinished`. While nobody is connected it costs one comparison.
 *
 * Throws a `TypeError` for what is no registry of signals.
 *
 * @example
 * ```ts
 * requestFinished.connect(({ method, path, status, elapsedMs }) => console.log(method, path, status, elapsedMs));
 * router.addLayerTo(_requestPasser(new RequestSignalsLayer()));
 * ```
 * Source: Django's request signals, by way of rustango.
 */
export class RequestSignalsLayer {
  readonly #signals: RequestSignals;

  /** @param signals a registry of one's own; by default the global one */
  constructor(signals: RequestSignals = requestSignals) {
    if (!isRegistry(signals)) {
      throw new TypeError(
        `RequestSignalsLayer takes a registry of signals, not ${describeValue(signals)}: write new RequestSignalsLayer(new RequestSignals()), or nothing for the global one.`,
      );
    }
    this.#signals = signals;
  }

  wrap(handler: ResponseHandler): Handler {
    const signals = this.#signals;
    return asResponseHandler((context, args) =>
      signals.receiverCount() === 0
        ? handler(context, args)
        : handleWithSignals(signals, handler, context, args),
    );
  }
}

/** By what is used of it: a package that is loaded twice has two classes. */
function isRegistry(value: unknown): value is RequestSignals {
  const registry = value as Partial<RequestSignals> | null;
  return (
    typeof registry === "object" &&
    registry !== null &&
    typeof registry.receiverCount === "function" &&
    [registry.requestStarted, registry.requestFinished, registry.requestException].every(
      (signal) => typeof signal?.send === "function",
    )
  );
}

async function handleWithSignals(
  signals: RequestSignals,
  handler: ResponseHandler,
  context: RequestContext,
  args: Args,
): Promise<LightResponse> {
  const { method, path } = context;
  const startedAt = performance.now();
  const finish = (status: number) =>
    signals.requestFinished.send({ method, path, status, elapsedMs: performance.now() - startedAt });

  await signals.requestStarted.send({ method, path, query: context.search.slice(1) });
  // That of the whole request: a layer inside may put a nearer deadline in its place.
  const { signal } = context;
  const fail = async (error: unknown): Promise<void> => {
    const status = error instanceof ErrorResponse ? error.status : undefined;
    if (status === undefined || status >= 500) {
      await sendException(signals, { method, path, error, status });
    }
    await finish(status ?? 500);
  };
  const succeed = async (status: number): Promise<void> => {
    if (status >= 500) {
      await signals.requestException.send({ method, path, error: new Error(`HTTP ${status}`), status });
    }
    await finish(status);
  };
  let response: LightResponse;
  let isToldLater: boolean;
  try {
    response = await Promise.race([handler(context, args), handlerTimeout(signal)]);
    const { status } = response;
    isToldLater = tellAtFirstChunk(response, method, (failure) =>
      failure === null ? succeed(status) : fail(failure.error),
    );
  } catch (error) {
    await fail(error);
    throw error;
  }
  if (!isToldLater) {
    await succeed(response.status);
  }
  return response;
}

/** Rejects when the server gives up on the handler: the client has got its 503 by then. */
function handlerTimeout(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => {
      if ((signal.reason as Partial<Error> | undefined)?.name === "TimeoutError") {
        reject(new HandlerTimeoutError());
      }
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** A receiver that fails must not make the error that it was told of disappear from the logs. */
async function sendException(signals: RequestSignals, exception: RequestException): Promise<void> {
  try {
    await signals.requestException.send(exception);
  } catch (receiverError) {
    const { message } = receiverError as Error;
    throw new SignalReceiverError(message, { cause: new AggregateError([receiverError, exception.error]) });
  }
}
