import { addedHeaders } from "./agreement.ts";
import type { PlatformHandshake } from "./platform-handshake.ts";
import { PlatformTransport } from "./platform-transport.ts";
import { listen, platformSocketOf, type StandardWebSocket } from "./standard-socket.ts";

interface DenoGlobal {
  upgradeWebSocket(
    request: Request,
    options: { protocol?: string; idleTimeout?: number },
  ): { readonly socket: StandardWebSocket; readonly response: Response };
}

/** Deno: `Deno.upgradeWebSocket`, which also looks for clients that are gone. */
export function openOnDeno(handshake: PlatformHandshake): Response {
  const { request, agreement, settings, headers } = handshake;
  const { Deno } = globalThis as unknown as { Deno: DenoGlobal };
  const { socket, response } = Deno.upgradeWebSocket(request, {
    ...(agreement.protocol === "" ? {} : { protocol: agreement.protocol }),
    idleTimeout: Math.ceil(settings.idleTimeout / 1000),
  });
  socket.binaryType = "arraybuffer";
  const transport = new PlatformTransport(platformSocketOf(socket, agreement.protocol), handshake);
  listen(socket, transport);
  socket.addEventListener("open", () => transport.onOpen());
  addHeaders(response, addedHeaders(headers));
  return response;
}

/** Only this very response opens the WebSocket: another one with the same headers would not. */
function addHeaders(response: Response, headers: readonly [string, string][]): void {
  for (const [name, value] of headers) {
    try {
      response.headers.append(name, value);
    } catch {
      // Its headers cannot be changed.
      return;
    }
  }
}
