// Child process: `import-package.mjs` for programs in CommonJS.

const [specifier] = process.argv.slice(2);
const before = process.memoryUsage.rss();
const started = performance.now();
require(specifier);
const took = performance.now() - started;
process.send({ ms: took, rssBytes: process.memoryUsage.rss() - before }, () => process.disconnect());
