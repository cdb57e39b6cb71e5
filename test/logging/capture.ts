import { type CreateLoggerOptions, createLogger, type PinoLogger, type RequestEntry } from "argania/logger";

/** A line of a log, read again. */
export type Line = Partial<RequestEntry> & Record<string, unknown> & { level: number; msg: string };

export interface Capture {
  readonly logger: PinoLogger;
  /** Every line so far, as it was written. */
  readonly raw: string[];
  lines(): Line[];
  /** Waits for the line that comes behind `count` others. */
  line(count?: number): Promise<Line>;
}

/** Levels as pino writes them. */
export const INFO = 30;
export const WARN = 40;
export const ERROR = 50;

/** A real logger whose lines are kept. */
export function capture(options: CreateLoggerOptions = {}): Capture {
  const raw: string[] = [];
  const waiting = new Set<() => void>();
  const destination = {
    write(line: string) {
      raw.push(line);
      for (const wake of waiting) {
        wake();
      }
    },
  };
  const lines = () => raw.map((line) => JSON.parse(line) as Line);
  return {
    raw,
    logger: createLogger({ level: "trace", destination, ...options }),
    lines,
    line: async (count = 0) => {
      while (raw.length <= count) {
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
      return lines()[count] as Line;
    },
  };
}
