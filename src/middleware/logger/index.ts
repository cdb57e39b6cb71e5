export { type CreateLoggerOptions, createLogger, type LogDestination } from "./create-logger.ts";
export { type ErrorEntry, type ErrorLink, errorEntry } from "./error-entry.ts";
export { LoggerLayer } from "./logger-layer.ts";
export type { LoggerLayerOptions } from "./logger-options.ts";
export type { LogLevel, LogMethod, PinoLogger } from "./pino-logger.ts";
export { redactedPaths } from "./redaction.ts";
export type { RequestEntry } from "./request-entry.ts";
export { requestLogger } from "./request-logger.ts";
export { serviceLogger } from "./service-logger.ts";
