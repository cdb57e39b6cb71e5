import { type Logger, reportTo } from "../handler/logger.ts";

const loggers = new Set<{ readonly logger: Logger }>();

/**
 * Logs rejected promises that nobody handles, instead of letting them end the process; returns what undoes it.
 *
 * A handler that forgets an `await` would otherwise let any client take the whole server down. Of several servers,
 * the one that started first logs: which of them a promise belongs to cannot be told.
 */
export function watchRejections(logger: Logger): () => void {
  const entry = { logger };
  if (loggers.size === 0) {
    process.on("unhandledRejection", onRejection);
  }
  loggers.add(entry);
  return () => {
    loggers.delete(entry);
    if (loggers.size === 0) {
      process.off("unhandledRejection", onRejection);
    }
  };
}

function onRejection(err: unknown): void {
  for (const { logger } of loggers) {
    reportTo(logger, { err }, "A promise was rejected and nobody handles it");
    return;
  }
}
