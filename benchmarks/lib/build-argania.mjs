// Argania as one ES module, with the internals that the in-process suites measure. The sources are bundled, not
// dist/, so that a run measures what is in the working tree and never rebuilds what others may be using.

import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build, bundle, middlewareBundle, root, staticBundle } from "./paths.mjs";

const INTERNALS = `
export * from "./src/index.ts";
export * from "./src/data/sse/index.ts";
export * from "./src/data/validation/index.ts";
export { RequestContext } from "./src/request/request-context.ts";
export { Route } from "./src/request/route.ts";
export { NO_AUTHORITY } from "./src/request/authority.ts";
export { finalizeTree } from "./src/resource/finalize-tree.ts";
`;

/** The repository's own esbuild: the benchmarks need none of their own. */
export const esbuild = createRequire(join(root, "package.json"))("esbuild");

export function buildArgania() {
  mkdirSync(build, { recursive: true });
  bundleOf(INTERNALS, bundle, {});
}

/** A bundle of its own: the other suites measure Argania as it is without what `argania/static` brings along. */
export function buildStatic() {
  mkdirSync(build, { recursive: true });
  const exports = ["./src/index.ts", "./src/resource/static/index.ts"];
  bundleOf(exports.map((path) => `export * from "${path}";`).join("\n"), staticBundle, {});
}

/** With the layers, and with pino and jose as they are installed here. */
export function buildMiddleware() {
  const entries = ["./src/index.ts", "./src/middleware/index.ts"];
  const peers = [
    "./src/data/cookies/index.ts",
    "./src/middleware/connect/index.ts",
    "./src/middleware/fetch/index.ts",
    "./src/middleware/jwt/index.ts",
    "./src/middleware/logger/index.ts",
  ];
  bundleOf([...entries, ...peers].map((path) => `export * from "${path}";`).join("\n"), middlewareBundle, {
    external: ["pino"],
  });
}

/** Bundles a module given as text, with paths relative to the repository. */
export function bundleOf(contents, outfile, options) {
  return esbuild.buildSync({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
    outfile,
    ...options,
  });
}
