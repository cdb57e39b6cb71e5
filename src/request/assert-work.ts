/** Throws a `TypeError` for a function, which nobody would call: what `waitUntil` takes is under way already. */
export function assertWork(work: unknown): void {
  if (typeof work === "function") {
    throw new TypeError(
      "waitUntil takes a promise, not a function, which nobody would call: write context.waitUntil(work()), or context.waitUntil((async () => { … })()).",
    );
  }
}
