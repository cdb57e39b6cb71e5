import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const here = join(root, "benchmarks");
/** A part of a suite is no result to be kept, unless it has got a name of its own. */
const isPart = Boolean(process.env.BENCH_ONLY || process.env.BENCH_CONTENDERS);
/** In place of the suite's name, or null. */
export const resultName = process.env.BENCH_NAME || null;
const version = `node-${process.versions.node.split(".")[0]}`;
export const results = join(here, "results", isPart && resultName === null ? "local" : version);
/** Inside node_modules, because neither Git nor the linter looks there. */
export const build = join(here, "node_modules", ".argania");
export const bundle = join(build, "argania.mjs");
export const staticBundle = join(build, "argania-static.mjs");
export const middlewareBundle = join(build, "argania-middleware.mjs");
export const middlewareBundleUrl = pathToFileURL(middlewareBundle).href;
export const staticBundleUrl = pathToFileURL(process.env.BENCH_BUNDLE ?? staticBundle).href;
/** `BENCH_BUNDLE` is one that was built before, to compare with. */
export const bundleUrl = pathToFileURL(process.env.BENCH_BUNDLE ?? bundle).href;
