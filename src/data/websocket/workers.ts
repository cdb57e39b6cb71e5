import { answerHeaders, type PlatformHandshake } from "./platform-handshake.ts";
import { PlatformTransport } from "./platform-transport.ts";
import { listen, platformSocketOf, type StandardWebSocket } from "./standard-socket.ts";

type ServerSocket = StandardWebSocket & { accept(): void };

/** Cloudflare Workers: one end of a `WebSocketPair` goes out with the response. */
export function openOnWorkers(handshake: PlatformHandshake): Response {
  const { agreement } = handshake;
  const { WebSocketPair } = globalThis as unknown as {
    WebSocketPair: new () => { readonly 0: object; readonly 1: ServerSocket };
  };
  const { 0: client, 1: server } = new WebSocketPair();
  const transport = new PlatformTransport(platformSocketOf(server, agreement.protocol), handshake);
  // Where the compatibility date is new, bytes would come as a Blob.
  server.binaryType = "arraybuffer";
  listen(server, transport);
  server.accept();
  transport.onOpen();
  const init = { status: 101, headers: answerHeaders(handshake), webSocket: client };
  return new Response(null, init as ResponseInit);
}
