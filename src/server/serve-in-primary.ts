import type { Service } from "../handler/service.ts";
import type { ListenAddress } from "./address.ts";
import { RunningServer } from "./running-server.ts";
import { handleOf, type ServerHandle } from "./server-handle.ts";
import type { ServerSettings } from "./server-settings.ts";
import { watchSignals } from "./shutdown-signals.ts";
import { supervisor } from "./supervisor.ts";
import { watchRejections } from "./unhandled-rejections.ts";

/** Has workers serve, and looks after them. */
export async function serveInPrimary(
  service: Service,
  settings: ServerSettings,
  addresses: readonly ListenAddress[],
): Promise<ServerHandle> {
  // Never started: options that do not hold are found here, before there are processes.
  new RunningServer(service, settings);
  const { server, address } = await supervisor.serve(settings, addresses);
  const { handlesSignals, unhandledRejections, logger } = settings;
  const releases = [
    ...(handlesSignals ? [watchSignals(server)] : []),
    ...(unhandledRejections === "log" ? [watchRejections(logger)] : []),
  ];
  server.closed.then(() => {
    for (const release of releases) {
      release();
    }
  });
  return handleOf(server, address, settings.tls === null ? "http" : "https", null);
}
