// Child process: how long an import takes, and what it adds to the memory. An import happens once, so once a process.

import { sendResult } from "../lib/child.mjs";

const [specifier] = process.argv.slice(2);
const before = process.memoryUsage.rss();
const started = performance.now();
await import(specifier);
const took = performance.now() - started;
sendResult({ ms: took, rssBytes: process.memoryUsage.rss() - before });
