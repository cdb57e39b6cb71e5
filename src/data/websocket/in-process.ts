import type { LinkSocket } from "../../common/protocol-switch.ts";
import { LightResponse } from "../../response/light-response.ts";
import { SWITCHING_PROTOCOLS } from "../../response/upgrade-response.ts";
import { answerHeaders, type PlatformHandshake } from "./platform-handshake.ts";
import { PlatformTransport } from "./platform-transport.ts";

/** Within one process, as tests have it: no socket, no frames, and a client that is always there to answer pings. */
export function openInProcess(handshake: PlatformHandshake, link: LinkSocket): Response {
  const { protocol } = handshake.agreement;
  const client = link({
    onMessage: (message) => transport.onMessage(message),
    onClose: (code, reason) => transport.onClose(code, reason),
  });
  const transport: PlatformTransport = new PlatformTransport(
    {
      protocol,
      bufferedAmount: () => client.bufferedAmount(),
      send: (message) => client.send(message),
      ping: () => {},
      close: (code, reason) => client.close(code, reason),
      terminate: () => client.terminate(),
    },
    handshake,
  );
  transport.onOpen();
  // The platform's own class refuses this status.
  const headers = [["upgrade", "websocket"], ["connection", "Upgrade"], ...answerHeaders(handshake)];
  return LightResponse.withHeaderList(null, headers.flat(), SWITCHING_PROTOCOLS);
}
