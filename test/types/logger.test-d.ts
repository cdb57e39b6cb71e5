import {
  _get,
  type currentContext,
  type OutcomeHook,
  type RequestContext,
  type RequestOutcome,
  type RequestTrace,
  Resource,
} from "argania";
import { LoggerLayer, type PinoLogger, requestLogger, serviceLogger } from "argania/logger";
import { RequestIdLayer, requestId } from "argania/middleware";
import { type Logger, pino } from "pino";
import { assertType, type Equal } from "./expect-type.ts";

// Loggers of pino fit without a cast, those with levels of their own as well.
const logger: Logger = pino();
const own: PinoLogger = pino({ customLevels: { audit: 35 } });
new LoggerLayer(logger);
new LoggerLayer({ logger });
new LoggerLayer({ logger: own, level: ({ status }) => (status === 404 ? "silent" : "info") });
new LoggerLayer({ logger: { level: "debug", redact: ["a.b"] }, ignore: ({ path }) => path === "/health" });
new Resource("/").intoService({ logger: serviceLogger(logger), asyncContext: true });

// @ts-expect-error
new LoggerLayer({ logger: console });
// @ts-expect-error
new LoggerLayer({ level: () => "loud" });
// @ts-expect-error
new LoggerLayer({ headers: false });
// @ts-expect-error
new RequestIdLayer({ trust: "everybody" });
// @ts-expect-error
new Resource("/").intoService({ asyncContext: "yes" });

new Resource("/{id}").setHandlerFor(
  _get.to((context) => {
    requestLogger(context).info({ id: context.params.id }, "text");
    requestLogger(context).child({ a: 1 }).error("text");
    // @ts-expect-error
    requestLogger(context).loud("text");
    const id = requestId(context);
    assertType<Equal<typeof id, string | undefined>>();
    assertType<Equal<typeof context.routePattern, string | undefined>>();
    context.afterSend(({ status, isComplete, error }) => [status, isComplete, error]);
    return context.params.id;
  }),
);

// Methods of a context need it.
new Resource("/").setHandlerFor(
  // @ts-expect-error
  _get.to(({ afterSend }) => afterSend(() => {})),
);

assertType<Equal<ReturnType<typeof currentContext>, RequestContext | undefined>>();
assertType<Equal<Parameters<OutcomeHook>, [RequestOutcome]>>();
assertType<Equal<RequestTrace["context"], RequestContext | undefined>>();
