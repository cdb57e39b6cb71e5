import { addressText, type ListenAddress } from "./address.ts";

const counts = new Map<string, number>();

/**
 * Names one call of `serve()`, so that a process and its workers, which run the same program, mean the same call by
 * it. Not by the order alone: calls that wait for other things first may be made in another order in each process.
 */
export function callName(addresses: readonly ListenAddress[]): string {
  const text = addresses.map(addressText).join(",");
  const count = (counts.get(text) ?? 0) + 1;
  counts.set(text, count);
  return `${text}#${count}`;
}
