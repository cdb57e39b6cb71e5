import { reportTo } from "../handler/logger.ts";
import { watchSignals } from "../server/shutdown-signals.ts";
import type { InitializerError } from "./app-errors.ts";
import type { AppParts } from "./app-options.ts";
import { cleanUpTime, DEFAULT_GRACE } from "./build-server.ts";

/** Ends an app on SIGTERM and SIGINT, whether it has a server at the time or not. Returns what stops it. */
export function watchAppSignals(
  { serverConfig }: AppParts,
  closed: Promise<void>,
  end: () => void,
): () => void {
  const { shutdown } = serverConfig;
  if (shutdown === false) {
    return () => {};
  }
  return watchSignals({
    graceMs: (shutdown?.grace ?? DEFAULT_GRACE) + cleanUpTime(serverConfig),
    closed,
    drain: end,
    // The process is ended; hooks cannot be broken off.
    destroy: () => {},
  });
}

/** What nobody waits for goes to the logger and into the exit code; other runtimes have none. */
export function reportShutdown({ logger }: AppParts, errors: readonly InitializerError[]): void {
  for (const err of errors) {
    reportTo(logger, { err }, "An initializer could not be shut down");
  }
  const { process } = globalThis as { readonly process?: { exitCode?: number | string | null | undefined } };
  if (process !== undefined && errors.length > 0) {
    process.exitCode = 1;
  }
}
