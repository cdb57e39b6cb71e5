import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pinned } from "../lib/child.mjs";
import { frameworkNames, generateApp } from "../lib/generate-apps.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { build, root } from "../lib/paths.mjs";
import { writeReport } from "../lib/report.mjs";
import { rounds } from "../lib/settings.mjs";
import { formatNumber, formatSpread, ratio, summary } from "../lib/statistics.mjs";

const RESOURCES = 500;
const EMPTY = "no routes (compiler and lib only)";
const require = createRequire(join(root, "package.json"));

export async function run() {
  const declarations = buildDeclarations();
  const folders = new Map(
    frameworkNames.map((name) => [name, generateApp(name, RESOURCES, join(build, "types"), declarations)]),
  );
  const taken = Object.fromEntries(frameworkNames.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, folder] of folders) taken[name].push(compile(folder));
    console.error(`types: round ${round + 1} of ${rounds}`);
  }
  return report(taken);
}

/** What users of the package get: one file of declarations, made as the package's build makes it, but elsewhere. */
function buildDeclarations() {
  const folder = join(build, "dist");
  rmSync(folder, { recursive: true, force: true });
  const args = [
    "--entry.index",
    "src/index.ts",
    "--dts-only",
    "--format",
    "esm",
    "--tsconfig",
    "tsconfig.src.json",
  ];
  const tsup = join(root, "node_modules", "tsup", "dist", "cli-default.js");
  const { status, stderr } = spawnSync(
    process.execPath,
    [tsup, "--no-config", ...args, "--out-dir", folder, "--silent"],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The declarations could not be built:\n${stderr}`);
  return join(folder, "index.d.ts");
}

function compile(folder) {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const [command, args] = pinned(0, process.execPath, [tsc, "-p", folder, "--extendedDiagnostics"]);
  const started = performance.now();
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", timeout: 300_000 });
  const wallSeconds = (performance.now() - started) / 1_000;
  // All must compile: an app that does not would be compared by the time that it takes to complain.
  if (status !== 0) throw new Error(`${folder} does not compile:\n${stdout.slice(0, 2_000)}`);
  const read = (label) => Number(new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1]);
  return {
    wallSeconds,
    checkSeconds: read("Check time"),
    totalSeconds: read("Total time"),
    instantiations: read("Instantiations"),
    types: read("Types"),
    memoryKb: read("Memory used"),
  };
}

function report(taken) {
  const column = (name, key) => taken[name].map((run) => run[key]);
  const rows = Object.keys(taken).map((name) => [
    name,
    formatSpread(summary(column(name, "totalSeconds"))),
    formatSpread(summary(column(name, "checkSeconds"))),
    formatNumber(summary(column(name, "instantiations")).median),
    formatNumber(summary(column(name, "types")).median),
    formatNumber(summary(column(name, "memoryKb")).median / 1_024),
    formatSpread(ratio(column("argania", "totalSeconds"), column(name, "totalSeconds"))),
    formatSpread(ratio(column("argania", "checkSeconds"), column(name, "checkSeconds"))),
  ]);
  const { version } = require("typescript");
  return writeReport("types", {
    title: `Types: tsc on an app of ${RESOURCES} resources`,
    host: hostInfo(["hono", "fastify"]),
    notes: [
      `TypeScript ${version}, without the declarations of libraries being checked. Ratios below 1: Argania is ahead.`,
    ],
    tables: [
      {
        title: "tsc",
        head: [
          "app",
          "total s",
          "check s",
          "instantiations",
          "types",
          "memory MB",
          "argania to it, total",
          "argania to it, check",
        ],
        rows,
      },
    ],
    panels: ["checkSeconds", "totalSeconds"].map((key) => ({
      title: key === "checkSeconds" ? "check time, s" : "total time, s",
      bars: Object.keys(taken)
        .filter((name) => name !== EMPTY)
        .map((label) => {
          const { median } = summary(column(label, key));
          return { label, value: median, text: `${formatNumber(median)} s` };
        }),
    })),
    data: { typescript: version, taken },
  });
}
