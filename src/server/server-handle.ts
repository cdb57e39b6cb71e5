import { type BoundAddress, urlOf } from "./address.ts";
import type { Drainable } from "./shutdown-signals.ts";

/** A server that is serving. Its functions may be passed on without it. */
export interface ServerHandle {
  /** Where it is bound: with port 0, this says which port it is. */
  readonly address: BoundAddress;
  /** The address as a URL, such as `http://127.0.0.1:8080`; `localhost` when every interface is bound. */
  readonly url: string;
  /**
   * With `withWorkers(n)`, which of the workers this process is, from 1 to n; the one that takes the place of a
   * worker has its number. `null` in the process that started them, and without workers: what a program does once,
   * such as cleaning up every hour, it does where this is `null`.
   */
  readonly worker: number | null;
  /**
   * Drains as a signal does: no new connections, requests under way are finished, idle connections are closed, and
   * what is left after the grace period is cut off. Fulfilled as `closed` is; further calls change nothing.
   */
  readonly close: () => Promise<void>;
  /** Fulfilled when the last connection has ended, whoever closed the server. Never rejected. */
  readonly closed: Promise<void>;
}

export function handleOf(
  server: Pick<Drainable, "drain" | "closed">,
  address: BoundAddress,
  scheme: "http" | "https",
  worker: number | null,
): ServerHandle {
  return Object.freeze({
    address,
    url: urlOf(scheme, address),
    worker,
    close: () => {
      server.drain();
      return server.closed;
    },
    closed: server.closed,
  });
}
