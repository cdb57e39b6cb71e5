import type { PlatformSocket, PlatformTransport } from "./platform-transport.ts";

/** A `WebSocket` of the web, as Deno and Workers give to servers. */
export interface StandardWebSocket {
  readonly protocol?: string | null;
  readonly bufferedAmount?: number;
  readonly readyState: number;
  binaryType?: string;
  send(message: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: string, listener: (event: never) => void): void;
}

export function platformSocketOf(socket: StandardWebSocket, protocol: string): PlatformSocket {
  return {
    protocol,
    bufferedAmount: () => socket.bufferedAmount ?? 0,
    send: (message) => socket.send(message),
    // The web has no way to ping. The platform does it, or not.
    ping: () => {},
    close: (code, reason) => closeWith(socket, code, reason),
    terminate: () => closeWith(socket, 1008, ""),
  };
}

/** Some platforms let nobody choose the codes of the protocol itself: they get one of the application's in their place. */
function closeWith(socket: StandardWebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    socket.close(code + 3000, reason);
  }
}

export function listen(socket: StandardWebSocket, transport: PlatformTransport): void {
  socket.addEventListener("message", (event: { readonly data: unknown }) => transport.onMessage(event.data));
  socket.addEventListener("close", (event: { readonly code: number; readonly reason: string }) =>
    transport.onClose(event.code, event.reason),
  );
  // "close" follows. Deno ends the process for an error that nobody listens to.
  socket.addEventListener("error", (event: { preventDefault?: () => void }) => event.preventDefault?.());
}
