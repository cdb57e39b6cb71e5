import type { Service } from "../handler/service.ts";
import type { ListenAddress } from "./address.ts";
import { RunningServer } from "./running-server.ts";
import { handleOf, type ServerHandle } from "./server-handle.ts";
import type { ServerSettings } from "./server-settings.ts";

/** Serves in this process. */
export async function serveAlone(
  service: Service,
  settings: ServerSettings,
  addresses: readonly ListenAddress[],
): Promise<ServerHandle> {
  const server = new RunningServer(service, settings);
  const address = await server.start(addresses);
  return handleOf(server, address, settings.tls === null ? "http" : "https", null);
}
