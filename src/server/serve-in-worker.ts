import type { Service } from "../handler/service.ts";
import type { ListenAddress } from "./address.ts";
import { callName } from "./call-name.ts";
import { RunningServer } from "./running-server.ts";
import type { ServeError } from "./server-errors.ts";
import { handleOf, type ServerHandle } from "./server-handle.ts";
import type { ServerSettings } from "./server-settings.ts";
import { workerMember } from "./worker-member.ts";
import { fromSent, toSent } from "./worker-messages.ts";

/** Serves in a worker, where the process that started it says. */
export async function serveInWorker(
  worker: number,
  service: Service,
  settings: ServerSettings,
  addresses: readonly ListenAddress[],
): Promise<ServerHandle> {
  const call = callName(addresses);
  const scheme = settings.tls === null ? "http" : "https";
  const server = new RunningServer(service, settings);
  const order = await workerMember.ask(call);
  if (order.argania === "refuse") {
    throw fromSent(order.error);
  }
  if (order.argania === "close") {
    // It was closed before this worker began.
    return handleOf({ drain: () => {}, closed: Promise.resolve() }, order.address, scheme, worker);
  }
  const { host, port } = order.address;
  const started = server.start([{ host, port }]);
  workerMember.add(call, { server, graceMs: server.graceMs, started });
  try {
    const address = await started;
    workerMember.report({ argania: "listening", call });
    return handleOf(server, address, scheme, worker);
  } catch (error) {
    workerMember.report({ argania: "failed", call, error: toSent(error as ServeError) });
    throw error;
  }
}
