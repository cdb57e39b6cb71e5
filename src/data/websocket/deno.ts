import { addedHeaders } from "./agreement.ts";
import { answerHeaders, type PlatformHandshake } from "./platform-handshake.ts";
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
  const { agreement, headers } = handshake;
  const { socket, response, isAgreed } = upgrade(handshake);
  socket.binaryType = "arraybuffer";
  const transport = new PlatformTransport(platformSocketOf(socket, agreement.protocol), handshake);
  listen(socket, transport);
  socket.addEventListener("open", () => transport.onOpen());
  addHeaders(response, isAgreed ? addedHeaders(headers) : answerHeaders(handshake));
  return response;
}

/** Deno takes a list of protocols apart at `, ` only: it does not know those of `a,b`, which is as good (RFC 9110 §5.6.1). */
function upgrade({ request, agreement: { protocol }, settings }: PlatformHandshake) {
  const { Deno } = globalThis as unknown as { Deno: DenoGlobal };
  const idleTimeout = Math.ceil(settings.idleTimeout / 1000);
  const offered = request.headers.get("sec-websocket-protocol")?.split(", ");
  const isAgreed = protocol === "" || offered?.includes(protocol) === true;
  const options = isAgreed && protocol !== "" ? { protocol, idleTimeout } : { idleTimeout };
  return { ...Deno.upgradeWebSocket(request, options), isAgreed };
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
