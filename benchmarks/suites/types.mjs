import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pinned } from "../lib/child.mjs";
import { frameworkNames, generateApp } from "../lib/generate-apps.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { build, root } from "../lib/paths.mjs";
import { writeReport } from "../lib/report.mjs";
import { isWanted, rounds } from "../lib/settings.mjs";
import { formatNumber, formatSpread, ratio, summary } from "../lib/statistics.mjs";

const RESOURCES = 500;
const EMPTY = "no routes (compiler and lib only)";
const require = createRequire(join(root, "package.json"));

const compilers = ["typescript", "typescript-next"].filter(isWanted);

export async function run() {
  const declarations = buildDeclarations();
  const folders = new Map(
    frameworkNames.map((name) => [name, generateApp(name, RESOURCES, join(build, "types"), declarations)]),
  );
  const taken = Object.fromEntries(
    compilers.map((compiler) => [compiler, Object.fromEntries(frameworkNames.map((name) => [name, []]))]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const compiler of compilers) {
      for (const [name, folder] of folders) taken[compiler][name].push(compile(compiler, folder));
    }
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

function compile(compiler, folder) {
  const tsc = join(root, "node_modules", compiler, "bin", "tsc");
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

function tableOf(taken, version) {
  const column = (name, key) => taken[name].map((run) => run[key]);
  // What the compiler and its library cost is the same for all: the rest is what an app costs.
  const total = (name) => summary(column(name, "totalSeconds")).median;
  const beyond = (name) => total(name) - total(EMPTY);
  const shareOf = (argania, name) => [
    formatSpread(ratio(column(argania, "totalSeconds"), column(name, "totalSeconds"))),
    formatSpread(ratio(column(argania, "checkSeconds"), column(name, "checkSeconds"))),
    name === EMPTY ? "–" : formatNumber(beyond(argania) / beyond(name)),
  ];
  const rows = Object.keys(taken).map((name) => [
    name,
    formatSpread(summary(column(name, "totalSeconds"))),
    formatSpread(summary(column(name, "checkSeconds"))),
    formatNumber(summary(column(name, "instantiations")).median),
    formatNumber(summary(column(name, "types")).median),
    formatNumber(summary(column(name, "memoryKb")).median / 1_024),
    ...shareOf("argania", name),
    ...shareOf("argania, no extractors", name),
  ]);
  const head = ["app", "total s", "check s", "instantiations", "types", "memory MB"];
  for (const app of ["argania", "argania, no extractors,"]) {
    head.push(`${app} to it, total`, "check", "total beyond no routes");
  }
  return { title: `TypeScript ${version}`, head, rows };
}

function report(taken) {
  const [stable] = compilers;
  const versions = compilers.map((compiler) => require(`${compiler}/package.json`).version);
  return writeReport("types", {
    title: `Types: tsc on an app of ${RESOURCES} resources`,
    host: hostInfo(["hono", "fastify"]),
    notes: [
      "Without the declarations of libraries being checked, on one core. Ratios below 1: Argania is ahead.",
      "Each route reads two params, a header and a query value. The header is read by an extractor (Argania) or a validator (Hono), except where it says no extractors: then from the request. Fastify infers no params, its app declares them.",
    ],
    tables: compilers.map((compiler, index) => tableOf(taken[compiler], versions[index])),
    panels: ["checkSeconds", "totalSeconds"].map((key) => ({
      title: `${key === "checkSeconds" ? "check" : "total"} time, s (TypeScript ${versions[0]})`,
      bars: Object.keys(taken[stable])
        .filter((name) => name !== EMPTY)
        .map((label) => {
          const { median } = summary(taken[stable][label].map((run) => run[key]));
          return { label, value: median, text: `${formatNumber(median)} s` };
        }),
    })),
    data: { typescript: versions, taken },
  });
}
