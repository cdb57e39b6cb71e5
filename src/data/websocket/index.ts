import { isNode, loadWs } from "./load-ws.ts";

export { type BunWebSocket, type BunWebSocketHandler, bunWebSocket } from "./bun.ts";
export type {
  WebSocketClose,
  WebSocketConnection,
  WebSocketMessage,
} from "./web-socket-connection.ts";
export {
  WebSocketClosedError,
  WebSocketHandshakeError,
  WebSocketOptionError,
  WebSocketOriginError,
  WebSocketPackageError,
  WebSocketReadingError,
  WebSocketUnsupportedError,
  WebSocketUpgradeRequiredError,
  WebSocketVersionError,
} from "./web-socket-errors.ts";
export type { CompressionOptions, OriginCheck, WebSocketOptions } from "./web-socket-options.ts";
export { type WebSocketUpgrade, webSocketUpgrade } from "./web-socket-upgrade.ts";

// Whoever forgot to install it learns of it when the program starts, not at the first handshake.
if (isNode()) {
  loadWs();
}
