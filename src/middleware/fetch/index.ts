export {
  type FastifyLike,
  type FastifyPlugin,
  type FastifyReplyLike,
  type FastifyRequestLike,
  fastifyPlugin,
} from "./fastify-plugin.ts";
export type { FetchApp, FetchExecutionContext, FetchFunction } from "./fetch-app.ts";
export { FetchMethodError } from "./fetch-errors.ts";
export { type FetchHandler, fetchHandler } from "./fetch-handler.ts";
export type { FetchHandlerOptions } from "./fetch-handler-options.ts";
export { type FetchMiddleware, type FetchNext, fetchLayer } from "./fetch-layer.ts";
