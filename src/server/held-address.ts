import type { BoundAddress, ListenAddress } from "./address.ts";
import { listenOnFirst } from "./listen.ts";
import { loadNet } from "./node-modules.ts";

/** An address that workers are going to listen on. */
export interface HeldAddress {
  readonly address: BoundAddress;
  /** Leaves the address to the workers. */
  readonly release: () => Promise<void>;
}

/**
 * Finds the first address that can be bound, before there are workers: so they all listen on the same one, also after
 * a restart, and a port that is taken is an error of `serve()` as it is without workers.
 *
 * A port that was given is left again at once, so that nobody can connect before somebody answers. One that the
 * system chose is held until a worker is about to take it, since the system could give it to somebody else.
 */
export async function holdAddress(addresses: readonly ListenAddress[]): Promise<HeldAddress> {
  const holder = loadNet().createServer((socket) => socket.destroy());
  const address = await listenOnFirst(holder, addresses);
  let released: Promise<void> | undefined;
  const release = () => {
    released ??= new Promise((resolve) => holder.close(() => resolve()));
    return released;
  };
  if (addresses.some(({ port }) => port === address.port)) {
    await release();
  }
  return { address, release };
}
