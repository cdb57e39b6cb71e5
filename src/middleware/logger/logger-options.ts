import { assertOptions } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { type CreateLoggerOptions, createLogger } from "./create-logger.ts";
import {
  assertPinoLogger,
  isLoggerLike,
  isPinoLogger,
  type LogLevel,
  type PinoLogger,
} from "./pino-logger.ts";
import type { RequestEntry } from "./request-entry.ts";

export interface LoggerLayerOptions {
  /** A logger of pino, or the options of {@link createLogger}; what `createLogger()` gives by default. */
  readonly logger?: PinoLogger | CreateLoggerOptions;
  /** The level of a line: by default "error" for what failed here (5xx), "warn" for 4xx, else "info". */
  readonly level?: (entry: RequestEntry) => LogLevel;
  /** Requests that get no line: paths such as "/health", or a function that says it of a request. None by default. */
  readonly ignore?: readonly string[] | ((context: RequestContext) => boolean);
  /**
   * Whether the query is logged; false by default. `true` leaves out values of params whose names look like a credential's
   * (`token`, `code`, …); an array names those whose values are logged, and all others are left out.
   */
  readonly query?: boolean | readonly string[];
  /** Which headers of requests are logged, credentials redacted: names, or `true` for all. None by default. */
  readonly headers?: true | readonly string[];
  /** The same for headers of responses. */
  readonly responseHeaders?: true | readonly string[];
  /** Whether the `User-Agent` is logged; false by default. */
  readonly userAgent?: boolean;
  /** Whether the length of the body is logged, in bytes, where it is known when the head is sent; false by default. */
  readonly bytes?: boolean;
  /** Further fields of a line, which take the place of others of the same name; `{ path: undefined }` leaves one out. */
  readonly fields?: (context: RequestContext, entry: RequestEntry) => Readonly<Record<string, unknown>>;
}

/** Options, checked and complete. */
export interface LoggerSettings {
  readonly logger: PinoLogger;
  readonly levelOf: ((entry: RequestEntry) => LogLevel) | undefined;
  readonly isIgnored: ((context: RequestContext) => boolean) | null;
  readonly query: ReadonlySet<string> | boolean;
  readonly headers: true | readonly string[] | null;
  readonly responseHeaders: true | readonly string[] | null;
  readonly userAgent: boolean;
  readonly bytes: boolean;
  readonly fields: LoggerLayerOptions["fields"];
}

const NAMES = [
  "logger",
  "level",
  "ignore",
  "query",
  "headers",
  "responseHeaders",
  "userAgent",
  "bytes",
  "fields",
];

export function loggerSettings(given: PinoLogger | LoggerLayerOptions): LoggerSettings {
  const options: LoggerLayerOptions = isPinoLogger(given) ? { logger: given } : given;
  if (isLoggerLike(options)) {
    assertPinoLogger("LoggerLayer", options);
  }
  assertOptions("LoggerLayer", options, NAMES);
  const { logger, level, ignore, query = false, headers, responseHeaders, fields } = options;
  assertFunction("level", level);
  assertFunction("fields", fields);
  return Object.freeze({
    logger: loggerOf(logger),
    levelOf: level,
    isIgnored: ignoredBy(ignore),
    query: typeof query === "boolean" ? query : new Set(namesOf("query", query)),
    headers: headerNames("headers", headers),
    responseHeaders: headerNames("responseHeaders", responseHeaders),
    userAgent: flag("userAgent", options.userAgent),
    bytes: flag("bytes", options.bytes),
    fields,
  });
}

function loggerOf(logger: LoggerLayerOptions["logger"]): PinoLogger {
  if (logger === undefined || isPinoLogger(logger)) {
    return logger ?? createLogger();
  }
  if (isLoggerLike(logger)) {
    // Something that logs, but not as pino does: not to be taken for options.
    assertPinoLogger("LoggerLayer", logger);
  }
  return createLogger(logger as CreateLoggerOptions);
}

function ignoredBy(ignore: unknown): LoggerSettings["isIgnored"] {
  if (ignore === undefined) {
    return null;
  }
  if (typeof ignore === "function") {
    return ignore as (context: RequestContext) => boolean;
  }
  const paths = new Set(namesOf("ignore", ignore));
  const wrong = [...paths].find((path) => !path.startsWith("/"));
  if (wrong !== undefined) {
    throw new TypeError(`ignore of LoggerLayer has paths, which begin with a slash: "${wrong}" does not.`);
  }
  return (context) => paths.has(context.path);
}

function headerNames(option: string, value: unknown): true | readonly string[] | null {
  if (value === undefined || value === true) {
    return value ?? null;
  }
  return Object.freeze(namesOf(option, value).map((name) => name.toLowerCase()));
}

function namesOf(option: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || !value.every((name) => typeof name === "string" && name !== "")) {
    throw new TypeError(`${option} of LoggerLayer takes an array of strings, not ${describeValue(value)}.`);
  }
  return value;
}

function flag(option: string, value: unknown): boolean {
  if (value !== undefined && typeof value !== "boolean") {
    throw new TypeError(`${option} of LoggerLayer is true or false, not ${describeValue(value)}.`);
  }
  return value === true;
}

function assertFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throw new TypeError(`${option} of LoggerLayer is a function, not ${describeValue(value)}.`);
  }
}
