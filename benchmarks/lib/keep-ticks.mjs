// For every contender what Argania does for its own process (decision 31): without it one server in a few is 1.5 µs slower
// in all its requests, whoever's it is, and chance would decide who wins.

import { executionAsyncResource } from "node:async_hooks";

process.nextTick(() => {
  globalThis[Symbol.for("argania.benchmarks.tick")] = executionAsyncResource();
});
