import type { RequestSignals } from "argania";

/** One line for each request, and one more for each failure of the server. */
export function logRequests(signals: RequestSignals, log: (line: string) => void): void {
  signals.requestException.connect(({ method, path, error }) => {
    log(`${method} ${path} failed: ${error instanceof Error ? error.message : String(error)}`);
  });
  signals.requestFinished.connect(({ method, path, status, elapsedMs }) => {
    log(`${method} ${path} ${status} ${elapsedMs.toFixed(1)} ms`);
  });
}
