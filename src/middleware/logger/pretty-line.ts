import type { ErrorEntry } from "./error-entry.ts";

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
    record = JSON.parse(line);
  } catch {
    return line;
  }
  if (!isRequest(record)) {
    return withStack(record);
  }
  const { method, path, status, duration, host, peer, msg, ...rest } = record;
  return withStack({ ...rest, msg: `${method} ${path} ${status ?? msg} ${duration} ms` });
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
