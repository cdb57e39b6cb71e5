import { answerHeaders, type PlatformHandshake } from "./platform-handshake.ts";
import { PlatformTransport } from "./platform-transport.ts";
import { WebSocketUnsupportedError } from "./web-socket-errors.ts";

/** Bun's `ServerWebSocket`, as far as it is used. */
export interface BunWebSocket {
  readonly data: unknown;
  send(message: string | Uint8Array): number;
  ping(): unknown;
  close(code?: number, reason?: string): void;
  terminate(): void;
  getBufferedAmount?(): number;
}

/** What `Bun.serve` calls for every WebSocket of a server. */
export interface BunWebSocketHandler {
  open(socket: BunWebSocket): void;
  message(socket: BunWebSocket, message: string | Uint8Array): void;
  close(socket: BunWebSocket, code: number, reason: string): void;
}

interface BunServer {
  upgrade(request: Request, options: { data: unknown; headers: [string, string][] }): boolean;
}

interface BunData {
  readonly handshake: PlatformHandshake;
  transport: PlatformTransport | undefined;
}

/**
 * Bun takes the handlers of all WebSockets with its server.
 *
 * @example
 * ```ts
 * Bun.serve({ fetch: service.fetch, websocket: bunWebSocket });
 * ```
 */
export const bunWebSocket: BunWebSocketHandler = {
  open(socket) {
    const data = socket.data as BunData;
    const transport = new PlatformTransport(
      {
        protocol: data.handshake.agreement.protocol,
        bufferedAmount: () => socket.getBufferedAmount?.() ?? 0,
        send: (message) => void socket.send(message),
        ping: () => void socket.ping(),
        close: (code, reason) => socket.close(code, reason),
        terminate: () => socket.terminate(),
      },
      data.handshake,
    );
    data.transport = transport;
    transport.onOpen();
  },
  message(socket, message) {
    (socket.data as BunData).transport?.onMessage(message);
  },
  close(socket, code, reason) {
    (socket.data as BunData).transport?.onClose(code, reason);
  },
};

/** Bun: `server.upgrade`, where the server is what it passes beside the request. */
export function openOnBun(handshake: PlatformHandshake): Response {
  const { request, env } = handshake;
  const data: BunData = { handshake, transport: undefined };
  if (!(env as BunServer).upgrade(request, { data, headers: answerHeaders(handshake) })) {
    throw new WebSocketUnsupportedError(
      "Write Bun.serve({ fetch: service.fetch, websocket: bunWebSocket }).",
    );
  }
  // Bun has answered already, and wants nothing more.
  return undefined as unknown as Response;
}
