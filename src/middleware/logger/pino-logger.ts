import { describeValue } from "../../common/describe-value.ts";

/** How much a line matters; "silent" writes none. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

export const LOG_LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** Writes a line: some data and a message, or only a message. */
export interface LogMethod {
  (details: object, message?: string): void;
  (message: string): void;
}

/** The parts of a pino logger that are used and handed on, spelled out so that its types are not needed. */
export interface PinoLogger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** A logger that puts `bindings` on each of its lines. */
  child(bindings: Record<string, unknown>): PinoLogger;
  /** Whether lines of a level are written. */
  isLevelEnabled?(level: string): boolean;
}

const METHODS = ["trace", "debug", "info", "warn", "error", "fatal", "child"] as const;

export function isPinoLogger(value: unknown): value is PinoLogger {
  return (
    typeof value === "object" &&
    value !== null &&
    METHODS.every((name) => typeof (value as Partial<PinoLogger>)[name] === "function")
  );
}

/** Throws a `TypeError` unless `value` has what loggers of pino have. */
export function assertPinoLogger(owner: string, value: unknown): asserts value is PinoLogger {
  if (!isPinoLogger(value)) {
    throw new TypeError(
      `${owner} takes a logger of pino, not ${describeLogger(value)}: write pino({ … }) or createLogger({ … }).`,
    );
  }
}

/** Whether it is meant as a logger, as the console is. */
export function isLoggerLike(value: unknown): boolean {
  return typeof (value as { info?: unknown } | null | undefined)?.info === "function";
}

function describeLogger(value: unknown): string {
  const missing = METHODS.filter((name) => typeof (value as Partial<PinoLogger>)?.[name] !== "function");
  return isLoggerLike(value) ? `one without ${missing.join(", ")}` : describeValue(value);
}
