import { assertNoMore } from "../common/assert-no-more.ts";
import { isPromiseLike } from "../common/maybe-promise.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler, respondWith } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import type { RequestContext } from "../request/request-context.ts";
import { type IntoResponse, InvalidResponseError, intoResponse } from "../response/into-response.ts";
import type { LightResponse } from "../response/light-response.ts";
import type { ResponseContext } from "../response/response-context.ts";
import type { ReturnsResponse } from "./around.ts";

/** Turns an error into a response, or throws: the same error to pass it on outwards, or another one. */
export type ErrorHandler<
  Result extends IntoResponse | Promise<IntoResponse> = IntoResponse | Promise<IntoResponse>,
> = (error: unknown, context: RequestContext, args: Args) => Result;

/**
 * Catches what the handlers and layers inside of it throw. Put it on any component; the innermost one is asked first.
 *
 * @example
 * ```ts
 * root.addLayerTo(_requestReceiver(new ErrorHandlerLayer((error, context) => {
 *   if (error instanceof NotFoundResourceError) return respond(404, html(notFoundPage(context.path)));
 *   throw error;
 * })));
 * ```
 * One that returns nothing, at once or later, is an `InvalidResponseError` (`ARGANIA_INVALID_RESPONSE`) that names it and has
 * the error that was to be handled as its cause, and a 500: it would make an empty 200 of every error. `null` says that
 * this is meant.
 *
 * Throws a `TypeError` for what is no function. Source: argan, `ErrorHandlerLayer`.
 */
export class ErrorHandlerLayer<
  Result extends IntoResponse | Promise<IntoResponse> = IntoResponse | Promise<IntoResponse>,
> {
  readonly #handleError: ErrorHandler;

  constructor(
    handleError: ErrorHandler<Result> &
      ReturnsResponse<Result, "An error handler returns a response on every path, or throws: throw error.">,
  );
  constructor(handleError: unknown, ...more: unknown[]) {
    const instead = "[new ErrorHandlerLayer(first), new ErrorHandlerLayer(second)]";
    assertNoMore(more, "ErrorHandlerLayer takes a function", instead);
    if (typeof handleError !== "function") {
      throw new TypeError(
        "ErrorHandlerLayer takes a function: (error, context, args) => a response, or throw error.",
      );
    }
    this.#handleError = handleError as ErrorHandler;
  }

  wrap(handler: ResponseHandler): Handler {
    const handleError = this.#handleError;
    return asResponseHandler((context, args) => {
      const handle = (error: unknown) =>
        respondWith(handleError(error, context, args), context, (value, known) =>
          toResponse(value, known, handleError, error),
        );
      try {
        const response = handler(context, args);
        return isPromiseLike(response) ? (response as Promise<LightResponse>).catch(handle) : response;
      } catch (error) {
        return handle(error);
      }
    });
  }
}

function toResponse(
  value: unknown,
  context: ResponseContext | undefined,
  { name }: ErrorHandler,
  error: unknown,
): LightResponse {
  if (value === undefined) {
    throw new InvalidResponseError(
      `The error handler${name === "" ? "" : ` "${name}"`} of an ErrorHandlerLayer returned nothing, which would make an empty 200 of the error: return a response, or throw error.`,
      { cause: error },
    );
  }
  return intoResponse(value, context);
}
