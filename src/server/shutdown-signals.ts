/** A server that SIGTERM and SIGINT end. */
export interface Drainable {
  /** How long its requests may take to finish, in milliseconds. */
  readonly graceMs: number;
  readonly closed: Promise<void>;
  drain(): void;
  destroy(): void;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** How long after the grace period the process may go on before it is ended, in milliseconds. */
export const EXIT_DELAY = 800;

/** npm passes Ctrl-C on to its child, which has it from the terminal already: that is one signal, not two. */
const SAME_KEYSTROKE = 25;

const servers = new Set<Drainable>();
let firstSignalAt: number | null = null;

/** Ends the server on SIGTERM and SIGINT, with all the others of the process; returns what undoes it. */
export function watchSignals(server: Drainable): () => void {
  if (servers.size === 0) {
    firstSignalAt = null;
    for (const signal of SIGNALS) {
      process.on(signal, onSignal);
    }
  }
  servers.add(server);
  return () => {
    servers.delete(server);
    if (servers.size === 0) {
      for (const signal of SIGNALS) {
        process.off(signal, onSignal);
      }
    }
  };
}

function onSignal(signal: NodeJS.Signals): void {
  const now = performance.now();
  if (firstSignalAt === null) {
    firstSignalAt = now;
    drainAll();
  } else if (signal !== "SIGINT" || now - firstSignalAt > SAME_KEYSTROKE) {
    destroyAll();
  }
}

function drainAll(): void {
  let longest = 0;
  for (const server of servers) {
    longest = Math.max(longest, server.graceMs);
    server.drain();
  }
  // Does not keep the process alive: it ends by itself, unless something of the application goes on.
  setTimeout(() => process.exit(process.exitCode ?? 0), longest + EXIT_DELAY).unref();
}

function destroyAll(): void {
  for (const server of servers) {
    server.destroy();
  }
  process.exit(1);
}
