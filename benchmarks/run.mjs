// npm run bench [-- NAME…]: measures Argania against what people would use instead. See README.md.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled } from "../scripts/setup.mjs";
import { here, resultName } from "./lib/paths.mjs";

const SUITES = [
  "match",
  "dispatch",
  "cpu",
  "http",
  "static",
  "sse",
  "websocket",
  "websocket-cpu",
  "middleware",
  "scale",
  "types",
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !SUITES.includes(name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(", ")}. There are: ${SUITES.join(", ")}.`);
  process.exit(2);
}

if (resultName !== null) {
  const flaw =
    names.length !== 1
      ? "is for one suite at a time: npm run bench -- NAME"
      : SUITES.includes(resultName)
        ? "would replace the result of a whole suite"
        : !/^[a-z\d][a-z\d-]*$/.test(resultName) && "is of small letters, digits and hyphens";
  if (flaw) {
    console.error(`BENCH_NAME=${resultName} ${flaw}.`);
    process.exit(2);
  }
}

ensureInstalled();
const { devDependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
if (!Object.keys(devDependencies).every((name) => existsSync(join(here, "node_modules", name)))) {
  const { status } = spawnSync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], {
    cwd: here,
    shell: process.platform === "win32",
    stdio: "inherit",
  });
  if (status !== 0) process.exit(1);
}

// Only now: these need what has just been installed.
const { buildArgania, buildMiddleware, buildStatic } = await import("./lib/build-argania.mjs");
buildArgania();
buildStatic();
buildMiddleware();
for (const name of names.length > 0 ? names : SUITES) {
  const { run } = await import(`./suites/${name}.mjs`);
  console.log(await run());
}
