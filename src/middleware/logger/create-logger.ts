import { assertOptions } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import { nodeEnvironment } from "../../common/node-environment.ts";
import { loadPino } from "./load-pino.ts";
import { loadPretty } from "./load-pretty.ts";
import { LOG_LEVELS, type LogLevel, type PinoLogger } from "./pino-logger.ts";
import { prettyLine } from "./pretty-line.ts";
import { printableJson } from "./printable.ts";
import { headerSerializers, REDACTED, redactedPaths } from "./redaction.ts";

/** Where lines go, each of them a string that ends with a line break. */
export interface LogDestination {
  write(line: string): unknown;
}

export interface CreateLoggerOptions {
  /**
   * The least level that is written. Default: "silent" if `NODE_ENV` is "test" and there is no `destination`, "debug" in
   * development, else "info".
   */
  readonly level?: LogLevel;
  /**
   * Whether lines are for people, which takes the package `pino-pretty`; without it they are JSON all the same. Default: in
   * development, where standard output is a terminal and there is no `destination`.
   */
  readonly pretty?: boolean;
  /** Further paths to redact, as pino writes them: `["user.email", "items[*].card"]`. */
  readonly redact?: readonly string[];
  /** A name that is on each line. */
  readonly name?: string;
  /** Standard output by default. */
  readonly destination?: LogDestination;
}

const NAMES = ["level", "pretty", "redact", "name", "destination"];

/**
 * A logger of pino: JSON in production, lines for people in development, nothing in tests. Development is where `NODE_ENV` is
 * "development" or not set.
 *
 * It redacts credentials in headers and some more (`redactedPaths()`), and `redact`. Where that is not enough, make one
 * with `pino({ … })` itself: `LoggerLayer` takes it as well.
 *
 * Throws a `TypeError` for wrong options; what pino says of a path that it cannot read; a `LoggerPackageError`
 * (`ARGANIA_LOGGER_PACKAGE`) when pino is not installed.
 *
 * @example
 * ```ts
 * const logger = createLogger({ level: "debug", redact: ["user.email"] });
 * logger.info({ user }, "signed in");
 * ```
 * Source: Loco's logger.
 */
export function createLogger(options: CreateLoggerOptions = {}): PinoLogger {
  assertCreateLoggerOptions(options);
  const { destination, name, redact = [] } = options;
  const isPretty = options.pretty ?? (destination === undefined && isDevelopment() && isTerminal());
  const format = isPretty ? loadPretty() : null;
  const { pino } = loadPino();
  const stream = destination ?? pino.destination(1);
  const logger: PinoLogger = pino(
    {
      level: options.level ?? defaultLevel(destination),
      redact: { paths: [...redactedPaths(), ...redact], censor: REDACTED },
      serializers: headerSerializers(),
      hooks: { streamWrite: printableJson },
      ...(name !== undefined && { name }),
    },
    format === null
      ? (stream as LogDestination)
      : { write: (line: string) => stream.write(format(prettyLine(line))) },
  );
  if (options.pretty === true && format === null) {
    logger.warn(
      "Lines are JSON, since pino-pretty is not installed. Run: npm install --save-dev pino-pretty",
    );
  }
  return logger;
}

function assertCreateLoggerOptions(options: CreateLoggerOptions): void {
  assertOptions("createLogger", options, NAMES);
  const { level, pretty, redact, name, destination } = options;
  if (level !== undefined && !LOG_LEVELS.includes(level)) {
    throw new TypeError(
      `level of createLogger is one of ${LOG_LEVELS.join(", ")}, not ${JSON.stringify(level)}.`,
    );
  }
  if (pretty !== undefined && typeof pretty !== "boolean") {
    throw new TypeError(`pretty of createLogger is true or false, not ${describeValue(pretty)}.`);
  }
  if (redact !== undefined && !(Array.isArray(redact) && redact.every((path) => typeof path === "string"))) {
    throw new TypeError('redact of createLogger is an array of paths: write { redact: ["user.email"] }.');
  }
  if (name !== undefined && typeof name !== "string") {
    throw new TypeError(`name of createLogger is a string, not ${describeValue(name)}.`);
  }
  if (
    destination !== undefined &&
    typeof (destination as Partial<LogDestination> | null)?.write !== "function"
  ) {
    throw new TypeError(
      `destination of createLogger has write(line), which ${describeValue(destination)} has not.`,
    );
  }
}

function defaultLevel(destination: LogDestination | undefined): LogLevel {
  if (destination === undefined && nodeEnvironment() === "test") {
    return "silent";
  }
  return isDevelopment() ? "debug" : "info";
}

function isDevelopment(): boolean {
  const name = nodeEnvironment();
  return name === undefined || name === "" || name === "development";
}

function isTerminal(): boolean {
  return (globalThis as { process?: { stdout?: { isTTY?: boolean } } }).process?.stdout?.isTTY === true;
}
