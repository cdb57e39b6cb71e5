import { assertOptions } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import { CompressionLayer, type CompressionOptions } from "../middleware/compression-layer.ts";
import type { ConditionalRequestsOptions } from "../middleware/conditional/conditional-options.ts";
import { ConditionalRequestsLayer } from "../middleware/conditional-requests-layer.ts";
import type { CorsOptions } from "../middleware/cors/cors-options.ts";
import { CorsLayer } from "../middleware/cors-layer.ts";
import { CsrfLayer, type CsrfOptions } from "../middleware/csrf-layer.ts";
import { IpFilterLayer, type IpFilterOptions } from "../middleware/ip-filter-layer.ts";
import { RemoteIpLayer, type RemoteIpOptions } from "../middleware/remote-ip-layer.ts";
import {
  RequestDecompressionLayer,
  type RequestDecompressionOptions,
} from "../middleware/request-decompression-layer.ts";
import { RequestIdLayer, type RequestIdOptions } from "../middleware/request-id-layer.ts";
import type { SecurityHeadersOptions } from "../middleware/security/security-headers-options.ts";
import { SecurityHeadersLayer } from "../middleware/security-headers-layer.ts";
import { TimeoutLayer, type TimeoutOptions } from "../middleware/timeout-layer.ts";

/** The layers of `argania/middleware` that text can configure, by name. No interface: `Middlewares` has any name. */
export type StandardMiddlewares = {
  readonly remoteIp: (options: RemoteIpOptions) => RemoteIpLayer;
  readonly requestId: (options: RequestIdOptions) => RequestIdLayer;
  readonly securityHeaders: (options: SecurityHeadersOptions) => SecurityHeadersLayer;
  readonly cors: (options: CorsOptions) => CorsLayer;
  readonly ipFilter: (options: IpFilterOptions) => IpFilterLayer;
  readonly csrf: (options: CsrfOptions) => CsrfLayer;
  readonly timeout: (options: TimeoutOptions & { readonly ms: number }) => TimeoutLayer;
  readonly compression: (options: CompressionOptions) => CompressionLayer;
  readonly conditionalRequests: (options: ConditionalRequestsOptions) => ConditionalRequestsLayer;
  readonly requestDecompression: (options: RequestDecompressionOptions) => RequestDecompressionLayer;
};

/**
 * For `new App({ middlewares })`: the layers that need nothing but options, in the order in which they fit together, the
 * outermost first. None of them is on before the configuration says so.
 *
 * Your own, spread behind them, are inside, and see nothing of preflights and refusals. One that is to see them goes
 * between: `const { remoteIp, requestId, ...others } = standardMiddlewares`, and
 * `middlewares: { remoteIp, requestId, logger: () => new LoggerLayer({ logger }), ...others }`.
 *
 * @example
 * ```ts
 * const app = new App({
 *   config: { server: { middlewares: { requestId: true, cors: { origins: ["https://app.example.com"] } } } },
 *   middlewares: { ...standardMiddlewares, audit: () => new AuditLayer() },
 *   routes,
 * });
 * ```
 * Source: Loco, `server.middlewares`.
 */
export const standardMiddlewares: StandardMiddlewares = Object.freeze({
  // Those that look at the address come after what says which one it is.
  remoteIp: (options) => new RemoteIpLayer(options),
  requestId: (options) => new RequestIdLayer(options),
  securityHeaders: (options) => new SecurityHeadersLayer(options),
  // Preflights are answered in front of all that could refuse them, and refusals can be read by pages.
  cors: (options) => new CorsLayer(options),
  ipFilter: (options) => new IpFilterLayer(options),
  csrf: (options) => new CsrfLayer(options),
  timeout: timeoutFrom,
  // The entity tag of what is inside is found again outside of the coding.
  compression: (options) => new CompressionLayer(options),
  conditionalRequests: (options) => new ConditionalRequestsLayer(options),
  requestDecompression: (options) => new RequestDecompressionLayer(options),
} satisfies StandardMiddlewares);

/** Its option is an argument of the layer: what is wrong with it is said in the words of the configuration. */
function timeoutFrom(given: TimeoutOptions & { readonly ms: number }): TimeoutLayer {
  assertOptions("timeout", given, ["ms", "status"]);
  const { ms, ...options } = given;
  if (typeof ms !== "number") {
    throw new TypeError(`timeout takes "ms", milliseconds, not ${describeValue(ms)}: write { ms: 5000 }.`);
  }
  return new TimeoutLayer(ms, options);
}
