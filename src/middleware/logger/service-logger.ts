import type { ErrorReport, Logger } from "../../handler/logger.ts";
import { requestId } from "../request-id.ts";
import { errorEntry } from "./error-entry.ts";
import { assertPinoLogger, type PinoLogger } from "./pino-logger.ts";
import { printable } from "./printable.ts";
import { requestLineKey } from "./request-line.ts";

/**
 * A logger for `intoService({ logger })` that goes with `LoggerLayer`: it reports what no line of a layer tells, and leaves
 * out what one does. So each failure is reported once:
 *
 * - of ignored requests and of those whose line has the level "silent", of `waitUntil`, of connections and workers,
 * - of handlers that fail when their client has gone and their line is written,
 * - malformed requests (400), which no layer sees, with "warn".
 *
 * Throws a `TypeError` for what is no logger of pino.
 *
 * @example
 * ```ts
 * const service = root.intoService({ logger: serviceLogger(logger) });
 * ```
 */
export function serviceLogger(logger: PinoLogger): Logger {
  assertPinoLogger("serviceLogger", logger);
  return {
    error: (report: ErrorReport, message: string) => {
      const { err, context } = report;
      const write = () => logger.error(fieldsOf(report), message);
      if (context?.extensions.get(requestLineKey)?.takes(err, write) !== true) {
        write();
      }
    },
    refused: (report: ErrorReport, message: string) => {
      logger.warn({ ...fieldsOf(report), status: 400 }, message);
    },
  };
}

function fieldsOf({ err, method, path, context }: ErrorReport): Record<string, unknown> {
  const id = context === undefined ? undefined : requestId(context);
  return {
    ...(id !== undefined && { requestId: id }),
    ...(method !== undefined && { method }),
    // The target as it came. Its query may have secrets, and a client of one's own may have put anything there.
    ...(path !== undefined && { path: printable(path.split("?", 1)[0] as string, 2_000) }),
    ...(context !== undefined && { host: context.host, route: context.routePattern }),
    error: errorEntry(err),
  };
}
