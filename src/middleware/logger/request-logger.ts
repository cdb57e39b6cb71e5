import type { RequestContext } from "../../request/request-context.ts";
import type { PinoLogger } from "./pino-logger.ts";
import { requestLineKey } from "./request-line.ts";

/**
 * The logger of a request, which puts its id on each line. It is made when it is first asked for.
 *
 * Throws a `TypeError` where no `LoggerLayer` is on the way.
 *
 * @example
 * ```ts
 * root.setHandlerFor(_get.to((context) => {
 *   requestLogger(context).info({ user: 7 }, "looked up");
 *   return null;
 * }));
 * ```
 */
export function requestLogger(context: RequestContext): PinoLogger {
  const line = context.extensions.get(requestLineKey);
  if (line === undefined) {
    throw new TypeError(
      "requestLogger(context) needs a LoggerLayer on the way to this handler: add one to the root or the router.",
    );
  }
  return line.logger;
}
