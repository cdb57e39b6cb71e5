// Child process: how long an import takes, and what it adds to the memory. An import happens once, so once a process.
// Imports nothing itself: the suite copies it into a folder that has the published package.

const [specifier] = process.argv.slice(2);
const before = process.memoryUsage.rss();
const started = performance.now();
await import(specifier);
const took = performance.now() - started;
process.send({ ms: took, rssBytes: process.memoryUsage.rss() - before }, () => process.disconnect());
