// Live objects for every contender, some 24 MB of them, as any application has. V8 marks nothing while less than 8 MB are
// live, however much external memory comes and goes, and keeps the space for new objects as small as what survived the start.
// A server of a few lines stays below both for ever, which no application does.

const OBJECTS = 250_000;
const isWanted = process.env.BENCH_APPLICATION_HEAP !== "no";

if (isWanted) {
  globalThis[Symbol.for("argania.benchmarks.heap")] = Array.from({ length: OBJECTS }, (_, id) => ({
    id,
    name: `name of ${id}`,
  }));
}

/** The first full collection decides when the next ones come: here it comes when a server is ready, with `--expose-gc`. */
export function collectOnce() {
  if (isWanted) globalThis.gc?.();
}
