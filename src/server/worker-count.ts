import { loadOs } from "./node-modules.ts";
import { ServerOptionError } from "./server-errors.ts";

const MOST_WORKERS = 512;

/** How many workers there are to be; throws a `ServerOptionError` (`ARGANIA_SERVER_OPTION`) for what is no number of them. */
export function checkedWorkers(workers: number | "auto"): number {
  if (workers === "auto") {
    return Math.min(loadOs().availableParallelism(), MOST_WORKERS);
  }
  if (!Number.isInteger(workers) || workers < 0 || workers > MOST_WORKERS) {
    throw new ServerOptionError(
      `withWorkers takes "auto" or an integer from 0 (no workers) to ${MOST_WORKERS}, not ${String(workers)}.`,
    );
  }
  return workers;
}
