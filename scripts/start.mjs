// Installs, builds and runs the example site in this very process, so that signals reach it directly.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt, ensureInstalled, hashOf, readIfPresent, root, writeInto } from "./setup.mjs";

const entry = join(root, "examples", "site", "main.ts");
const outDir = join(root, "examples", ".build");
const outFile = join(outDir, "site.mjs");
const hashFile = join(outDir, ".site-hash");

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

ensureInstalled();
if (!existsSync(entry)) {
  console.error("There is no examples/site/main.ts to start.");
  process.exit(1);
}
ensureBuilt();
await ensureExampleBuilt();
endWithNpm();
await import(pathToFileURL(outFile).href);

async function ensureExampleBuilt() {
  const hash = hashOf(["examples/site", "scripts/start.mjs", "package-lock.json"]);
  if (existsSync(outFile) && readIfPresent(hashFile) === hash) return;
  const { build, stop } = await import("esbuild");
  await build({
    entryPoints: [entry],
    outfile: outFile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: "inline",
    // Named before "packages", which leaves alone what tsconfig's paths resolve.
    external: ["argania", "argania/*"],
    packages: "external",
    plugins: [keepImportMeta],
    logLevel: "warning",
  });
  await stop();
  writeInto(hashFile, hash);
}

function urlFromOutput(path) {
  const from = relative(outDir, path).replaceAll("\\", "/");
  return `new URL(${JSON.stringify(from)}, import.meta.url)`;
}

/** A signal sent to npm ends npm and its shell, but is not passed on to here: notice that the parent is gone. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 250);
  timer.unref();
}
