import type { ErrorEntry } from "./error-entry.ts";
import { printable } from "./printable.ts";

/** A line of a `LoggerLayer`, as it comes out of pino. */
interface RequestRecord extends Record<string, unknown> {
  readonly method: string;
  readonly path: string;
  readonly duration: number;
  readonly status?: number;
  readonly error?: ErrorEntry;
}

/** A line as people read it: what they look for first comes first, and the stack of an error has lines of its own. */
export function prettyLine(line: string): string | object {
  let record: unknown;
  try {
    record = printableRecord(JSON.parse(line));
  } catch {
    return line;
  }
  if (!isRequest(record)) {
    return withStack(record);
  }
  const { method, path, status, duration, host, peer, msg, ...rest } = record;
  return withStack({ ...rest, msg: `${method} ${path} ${status ?? msg} ${duration} ms` });
}

/** JSON is safe to show; what it stands for is not, and is written to a terminal as it is. */
function printableRecord(record: object): object {
  return mapped(record, (value, name) =>
    (name === "err" || name === "error") && isObject(value)
      ? mapped(value, (part, key) => printableValue(part, key === "stack" || key === "detail"))
      : printableValue(value),
  );
}

function printableValue(value: unknown, hasLines = false): unknown {
  if (typeof value === "string") {
    return printable(value, Number.POSITIVE_INFINITY, hasLines);
  }
  if (Array.isArray(value)) {
    return value.map((one) => printableValue(one));
  }
  return isObject(value) ? mapped(value, (one) => printableValue(one)) : value;
}

function mapped(record: object, change: (value: unknown, name: string) => unknown): object {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      printable(name, Number.POSITIVE_INFINITY),
      change(value, name),
    ]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRequest(record: unknown): record is RequestRecord {
  const { method, path, duration } = (record ?? {}) as Record<string, unknown>;
  return typeof method === "string" && typeof path === "string" && typeof duration === "number";
}

/** As `pino-pretty` takes errors. */
function withStack(record: unknown): object {
  const { error, ...rest } = record as { error?: Partial<ErrorEntry> };
  if (typeof error?.detail !== "string") {
    return record as object;
  }
  const { detail, msg, ...others } = error;
  return { ...rest, error: { ...others, message: msg, stack: detail } };
}
