// Installs, builds and runs an example in this very process, so that signals reach it directly: `npm start -- saas`.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleExample, exampleNames, outDir } from "./examples.mjs";
import { ensureBuilt, ensureInstalled, hashOf, readIfPresent, writeInto } from "./setup.mjs";

const [name = "site", ...others] = process.argv.slice(2);
const names = exampleNames();
if (!names.includes(name) || others.length > 0) {
  console.error(`${names.includes(name) ? "One at a time." : `There is no example "${name}".`} There are:`);
  console.error(names.map((each) => `  npm start -- ${each}`).join("\n"));
  process.exit(1);
}

const outFile = join(outDir, `${name}.mjs`);
const hashFile = join(outDir, `.${name}-hash`);

ensureInstalled();
ensureBuilt();
await ensureExampleBuilt();
endWithNpm();
await import(pathToFileURL(outFile).href);

async function ensureExampleBuilt() {
  const inputs = [`examples/${name}`, "scripts/start.mjs", "scripts/examples.mjs", "package-lock.json"];
  const hash = hashOf(inputs);
  if (existsSync(outFile) && readIfPresent(hashFile) === hash) return;
  const stop = await bundleExample(name, outFile, ["argania", "argania/*"]);
  await stop();
  writeInto(hashFile, hash);
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
