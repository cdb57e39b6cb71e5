import { isPromiseLike } from "../common/maybe-promise.ts";

/** Where the framework reports what the client must not see. Compatible with `console` and pino. */
export interface Logger {
  error(details: ErrorReport, message: string): void;
}

/** A failure and the request that met it. */
export interface ErrorReport {
  /** What was thrown, with its cause chain. */
  readonly err: unknown;
  readonly method?: string;
  readonly path?: string;
}

/** Writes to standard error. */
export const consoleLogger: Logger = {
  error({ err, method, path }, message) {
    console.error(`[argania] ${message}${method === undefined ? "" : ` (${method} ${path})`}:`, err);
  },
};

/** A logger that fails must not take the request, or the process, with it. */
export function reportTo(logger: Logger, report: ErrorReport, message: string): void {
  try {
    const pending: unknown = logger.error(report, message);
    if (isPromiseLike(pending)) {
      // Its rejection would be reported in turn, and so on for ever.
      Promise.resolve(pending).catch(() => {});
    }
  } catch {
    // Nothing is left to tell it to.
  }
}
