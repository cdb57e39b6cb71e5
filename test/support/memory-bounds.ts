/** Whether bounds of memory are measured at their full sizes, as CONTRIBUTING.md has it. */
export const isBig: boolean = process.env.ARGANIA_BIG === "1";

export const MiB: number = 2 ** 20;

/**
 * What a server may grow by while so many bytes pass through it: 60 MiB for a gibibyte. It is a constant part and a
 * share of the bytes, so that a server which keeps a quarter of them fails at smaller sizes, too.
 */
export function boundFor(bytes: number): number {
  return 36 * MiB + (bytes * 24) / 1_024;
}
