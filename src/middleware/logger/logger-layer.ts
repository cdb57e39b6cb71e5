import { isPromiseLike } from "../../common/maybe-promise.ts";
import type { Handler, ResponseHandler } from "../../handler/handler.ts";
import { asResponseHandler } from "../../handler/layer.ts";
import type { LightResponse } from "../../response/light-response.ts";
import { type LoggerLayerOptions, type LoggerSettings, loggerSettings } from "./logger-options.ts";
import type { PinoLogger } from "./pino-logger.ts";
import { RequestLine, requestLineKey } from "./request-line.ts";

/**
 * Logs each request with one line, when its response has been sent to the end or the client has gone: the request id, method,
 * path, host, route pattern, status, duration, the client's address, and what was thrown with all its causes. See
 * {@link RequestEntry} for the fields. Of all that the client sees nothing.
 *
 * Make it the outermost layer but for `RequestIdLayer`. Without that one it makes an id of its own, which clients do not get.
 * Where one of these layers is inside of another, the outer one writes the line. Handlers get a logger with the request's id
 * from `requestLogger(context)`.
 *
 * A logger that throws, or fails later, changes nothing for the request.
 *
 * Throws a `TypeError` for wrong options.
 *
 * @example
 * ```ts
 * const logger = createLogger();
 * router.addLayerTo(_requestPasser([new RequestIdLayer(), new LoggerLayer({ logger, ignore: ["/health"] })]));
 * const service = router.intoService({ logger: serviceLogger(logger) });
 * ```
 * Source: Loco's logger, tower-http's `TraceLayer`.
 */
export class LoggerLayer {
  readonly #settings: LoggerSettings;

  /** @param options or a logger of pino by itself */
  constructor(options: PinoLogger | LoggerLayerOptions = {}) {
    this.#settings = loggerSettings(options);
  }

  wrap(handler: ResponseHandler): Handler {
    const settings = this.#settings;
    return asResponseHandler((context, args) => {
      if (context.extensions.has(requestLineKey)) {
        return handler(context, args);
      }
      const line = new RequestLine(settings, context);
      context.extensions.set(requestLineKey, line);
      const fail = (error: unknown): never => {
        line.noteThrown(error);
        throw error;
      };
      try {
        const response = handler(context, args);
        return isPromiseLike(response) ? (response as Promise<LightResponse>).catch(fail) : response;
      } catch (error) {
        return fail(error);
      }
    });
  }
}
