import { isPromiseLike } from "../common/maybe-promise.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler, respondWith } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { IntoResponse } from "../response/into-response.ts";
import type { LightResponse } from "../response/light-response.ts";

/** Turns an error into a response, or throws: the same error to pass it on outwards, or another one. */
export type ErrorHandler = (
  error: unknown,
  context: RequestContext,
  args: Args,
) => IntoResponse | Promise<IntoResponse>;

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
 * Source: argan, `ErrorHandlerLayer`.
 */
export class ErrorHandlerLayer {
  readonly #handleError: ErrorHandler;

  constructor(handleError: ErrorHandler) {
    if (typeof handleError !== "function") {
      throw new TypeError(
        "ErrorHandlerLayer takes a function: (error, context, args) => a response, or throw error.",
      );
    }
    this.#handleError = handleError;
  }

  wrap(handler: ResponseHandler): Handler {
    const handleError = this.#handleError;
    return asResponseHandler((context, args) => {
      const handle = (error: unknown) => respondWith(handleError(error, context, args), context);
      try {
        const response = handler(context, args);
        return isPromiseLike(response) ? (response as Promise<LightResponse>).catch(handle) : response;
      } catch (error) {
        return handle(error);
      }
    });
  }
}
