export { ConnectMiddlewareError } from "./connect-error.ts";
export { ConnectErrorLayer, connectErrorLayer } from "./connect-error-layer.ts";
export { type ConnectHandlerOptions, connectHandler } from "./connect-handler.ts";
export { ConnectLayer, connectLayer } from "./connect-layer.ts";
export type {
  ConnectErrorMiddleware,
  ConnectListener,
  ConnectMiddleware,
  ConnectNext,
  ConnectRequest,
  ConnectResponse,
} from "./connect-types.ts";
export { ConnectRuntimeError } from "./node-http.ts";
export { nodeRequest, nodeResponse } from "./node-objects.ts";
