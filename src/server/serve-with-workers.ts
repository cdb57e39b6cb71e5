import type { Service } from "../handler/service.ts";
import type { ListenAddress } from "./address.ts";
import { loadCluster } from "./node-modules.ts";
import { serveAlone } from "./serve-alone.ts";
import { serveInPrimary } from "./serve-in-primary.ts";
import { serveInWorker } from "./serve-in-worker.ts";
import type { ServerHandle } from "./server-handle.ts";
import type { ServerSettings } from "./server-settings.ts";
import { WORKER_VARIABLE } from "./worker-group.ts";

/** The same call serves in a worker and has workers serve in the process that starts them. */
export function serveWithWorkers(
  service: Service,
  settings: ServerSettings,
  addresses: readonly ListenAddress[],
): Promise<ServerHandle> {
  switch (servingRole()) {
    case "worker":
      return serveInWorker(workerNumber() as number, service, settings, addresses);
    case "first":
      return serveInPrimary(service, settings, addresses);
    default:
      return serveAlone(service, settings, addresses);
  }
}

/** What this process is where there are to be workers: one of them, the one that starts them, or neither. */
export type ServingRole = "alone" | "first" | "worker";

export function servingRole(): ServingRole {
  if (workerNumber() !== null) {
    return "worker";
  }
  // A worker of somebody else, such as a process manager, can have none of its own.
  return loadCluster().isPrimary ? "first" : "alone";
}

let ownNumber: number | null | undefined;

/** Which worker of Argania's this process is, if any. Read once, and then hidden from processes that it starts itself. */
function workerNumber(): number | null {
  if (ownNumber === undefined) {
    const value = loadCluster().isWorker ? process.env[WORKER_VARIABLE] : undefined;
    ownNumber = value === undefined ? null : Number(value);
    delete process.env[WORKER_VARIABLE];
  }
  return ownNumber;
}
