import { around, type Layer, ResponseError } from "argania";
import { LoggerLayer, type LoggerLayerOptions, type PinoLogger } from "argania/logger";
import {
  CsrfLayer,
  type CsrfOptions,
  RequestIdLayer,
  type RequestIdOptions,
  SecurityHeadersLayer,
  type SecurityHeadersOptions,
} from "argania/middleware";

/**
 * The layers around the whole app, the first one outermost. Which of them are on, and with which options, is in
 * `server.middlewares` of the configuration; what is off is not made.
 */
export const middlewares = (logger: PinoLogger) => ({
  requestId: (options: RequestIdOptions) => new RequestIdLayer(options),
  logger: (options: LoggerLayerOptions) => new LoggerLayer({ logger, ...options }),
  securityHeaders: (options: SecurityHeadersOptions) => new SecurityHeadersLayer(options),
  csrf: (options: CsrfOptions) => new CsrfLayer(options),
  maintenance: ({ retryAfter = 600 }: { readonly retryAfter?: number }) => maintenance(retryAfter),
});

/** A layer of one's own: `SAAS__SERVER__MIDDLEWARES__MAINTENANCE=true` switches it on. */
function maintenance(retryAfter: number): Layer {
  return around(function underMaintenance() {
    throw new ResponseError(503, "We will be back soon.", {
      code: "MAINTENANCE",
      headers: { "retry-after": String(retryAfter) },
    });
  });
}
