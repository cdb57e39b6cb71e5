import { isPromiseLike } from "../common/maybe-promise.ts";
import type { RequestContext } from "../request/request-context.ts";
import { JsonValueError } from "../response/json-value-error.ts";

/** Where the framework reports what the client must not see. Compatible with `console` and pino. */
export interface Logger {
  error(details: ErrorReport, message: string): void;
  /** Is told of malformed requests (400), which are refused before any layer sees them; without it nobody is. */
  refused?(details: ErrorReport, message: string): void;
}

/** A failure and the request that met it. */
export interface ErrorReport {
  /** What was thrown, with its cause chain. */
  readonly err: unknown;
  readonly method?: string;
  readonly path?: string;
  /** The request itself, once it is in the tree. Not enumerable, for loggers that write all that they are given. */
  readonly context?: RequestContext;
}

/** Writes to standard error. */
export const consoleLogger: Logger = {
  error({ err, method, path }, message) {
    console.error(`[argania] ${message}${method === undefined ? "" : ` (${method} ${path})`}:`, err);
  },
};

/** What `reportTo` reports of a request. */
export interface ReportedRequest {
  readonly method: string;
  readonly path: string;
  readonly context?: RequestContext | undefined;
}

export function reportOf(err: unknown, { method, path, context }: ReportedRequest): ErrorReport {
  if (context !== undefined && err instanceof JsonValueError) {
    err.route ??= context.routePattern;
  }
  const report = { err, method, path };
  return context === undefined ? report : Object.defineProperty(report, "context", { value: context });
}

/** A logger that fails must not take the request, or the process, with it. */
export function reportTo(logger: Logger, report: ErrorReport, message: string): void {
  carefully(() => logger.error(report, message));
}

/** Tells a logger that wants to know that a request was refused before it entered the tree. */
export function reportRefusal(logger: Logger, report: ErrorReport): void {
  carefully(() => logger.refused?.(report, "A request was refused"));
}

function carefully(log: () => unknown): void {
  try {
    const pending = log();
    if (isPromiseLike(pending)) {
      // Its rejection would be reported in turn, and so on for ever.
      Promise.resolve(pending).catch(() => {});
    }
  } catch {
    // Nothing is left to tell it to.
  }
}
