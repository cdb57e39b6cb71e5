import type { AddressInfo, Server } from "node:net";
import { addressText, type BoundAddress, type ListenAddress } from "./address.ts";
import { type FailedAddress, ServeError } from "./server-errors.ts";

/** Binds the first address that can be bound; rejects with a `ServeError` when none can. */
export async function listenOnFirst(
  front: Server,
  addresses: readonly ListenAddress[],
): Promise<BoundAddress> {
  const failures: FailedAddress[] = [];
  for (const { host, port } of addresses) {
    try {
      return await listen(front, host, port);
    } catch (reason) {
      failures.push({ address: addressText({ host, port }), reason: reason as Error });
    }
  }
  throw new ServeError(failures);
}

function listen(front: Server, host: string | undefined, port: number): Promise<BoundAddress> {
  return new Promise((resolve, reject) => {
    const onListening = () => {
      front.off("error", onError);
      resolve(boundAddress(front.address() as AddressInfo));
    };
    const onError = (error: Error) => {
      front.off("listening", onListening);
      reject(error);
    };
    front.once("listening", onListening);
    front.once("error", onError);
    front.listen(host === undefined ? { port } : { host, port });
  });
}

function boundAddress({ address, family, port }: AddressInfo): BoundAddress {
  return Object.freeze({ host: address, port, family: family === "IPv6" ? "IPv6" : "IPv4" });
}
