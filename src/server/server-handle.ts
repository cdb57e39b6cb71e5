import { type BoundAddress, urlOf } from "./address.ts";
import type { RunningServer } from "./running-server.ts";

/** A server that is serving. Its functions may be passed on without it. */
export interface ServerHandle {
  /** Where it is bound: with port 0, this says which port it is. */
  readonly address: BoundAddress;
  /** The address as a URL, such as `http://127.0.0.1:8080`; `localhost` when every interface is bound. */
  readonly url: string;
  /**
   * Drains as a signal does: no new connections, requests under way are finished, idle connections are closed, and
   * what is left after the grace period is cut off. Fulfilled as `closed` is; further calls change nothing.
   */
  readonly close: () => Promise<void>;
  /** Fulfilled when the last connection has ended, whoever closed the server. Never rejected. */
  readonly closed: Promise<void>;
}

export function handleOf(
  server: RunningServer,
  address: BoundAddress,
  scheme: "http" | "https",
): ServerHandle {
  return Object.freeze({
    address,
    url: urlOf(scheme, address),
    close: () => {
      server.drain();
      return server.closed;
    },
    closed: server.closed,
  });
}
