// What there is to start in examples/, and how one becomes a file that Node 20 runs.

import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { root } from "./setup.mjs";

const examples = join(root, "examples");

/** Where bundles are, within reach of the repository's node_modules. */
export const outDir = join(examples, ".build");

/** The names of all examples, sorted. */
export function exampleNames() {
  return readdirSync(examples)
    .filter((name) => existsSync(join(examples, name, "main.ts")))
    .sort();
}

/**
 * Bundles an example into a file of `outDir`. What is in `external` is loaded by the running program; without it Argania
 * is bundled from its sources, where the paths of tsconfig lead to.
 */
export async function bundleExample(name, outFile, external = []) {
  const { build, stop } = await import("esbuild");
  await build({
    entryPoints: [join(examples, name, "main.ts")],
    outfile: outFile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: "inline",
    // Named before "packages", which leaves alone what tsconfig's paths resolve.
    external: [...external],
    packages: "external",
    // The package's list of side effects is that of its build, not of its sources.
    ignoreAnnotations: external.length === 0,
    plugins: [keepImportMeta],
    logLevel: "warning",
  });
  return stop;
}

/** Lets import.meta.url and import.meta.dirname of a bundled file mean that file's own place. */
const keepImportMeta = {
  name: "keep-import-meta",
  setup(build) {
    build.onLoad({ filter: /[\\/]examples[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source
        .replaceAll(/\bimport\.meta\.url\b/g, `${urlFromOutput(path)}.href`)
        .replaceAll(
          /\bimport\.meta\.dirname\b/g,
          `process.getBuiltinModule("node:url").fileURLToPath(${urlFromOutput(dirname(path))})`,
        );
      return { contents, loader: "ts" };
    });
  },
};

function urlFromOutput(path) {
  const from = relative(outDir, path).replaceAll("\\", "/");
  return `new URL(${JSON.stringify(from)}, import.meta.url)`;
}
