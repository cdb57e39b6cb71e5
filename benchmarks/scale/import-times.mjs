// How long imports take: Argania as one minified file and as its users install it, beside others.

import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleOf } from "../lib/build-argania.mjs";
import { runChild } from "../lib/child.mjs";
import { build, here, root } from "../lib/paths.mjs";
import { rounds } from "../lib/settings.mjs";

const IMPORT = "import-package.mjs";
const REQUIRE = "require-package.cjs";
const TIMES_OF_A_ROUND = 3;

/** Interleaved, as everything is that is compared. `node:http` is what all servers import anyway. */
export async function importTimes(peers) {
  const contenders = [...bundled(), ...published(), ["node:http", `scale/${IMPORT}`, "node:http"]];
  const { resolve } = createRequire(join(here, "package.json"));
  for (const peer of peers) contenders.push([peer, `scale/${IMPORT}`, pathToFileURL(resolve(peer)).href]);
  const taken = Object.fromEntries(contenders.map(([name]) => [name, []]));
  for (let turn = 0; turn < rounds * TIMES_OF_A_ROUND; turn++) {
    for (const [name, script, specifier] of contenders) taken[name].push(await runChild(script, [specifier]));
  }
  return taken;
}

function bundled() {
  const file = join(build, "import.mjs");
  bundleOf('export * from "./src/index.ts"', file, { minify: true });
  return [["argania, one file", `scale/${IMPORT}`, pathToFileURL(file).href]];
}

/**
 * What is in dist/ as its users have it: in `node_modules` beside what it depends on, found by its name. `require` gets the
 * ES module, too, where Node can require one, so that the CommonJS build is asked for by its path.
 */
function published() {
  if (!existsSync(join(root, "dist", "index.js"))) return [];
  const user = join(build, "user");
  const installed = join(user, "node_modules", "argania");
  rmSync(user, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  copyFileSync(join(root, "package.json"), join(installed, "package.json"));
  cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(root, "node_modules", name), join(user, "node_modules", name), "junction");
  }
  for (const script of [IMPORT, REQUIRE]) copyFileSync(join(here, "scale", script), join(user, script));
  const own = (script) => relative(here, join(user, script));
  return [
    ["argania, import", own(IMPORT), "argania"],
    ["argania, require", own(REQUIRE), "argania"],
    ["argania, index.cjs", own(REQUIRE), "./node_modules/argania/dist/index.cjs"],
  ];
}
