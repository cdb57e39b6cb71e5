import { bundleSizes } from "../lib/bundle-size.mjs";
import { runChild } from "../lib/child.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { writeReport } from "../lib/report.mjs";
import { isWanted, rounds } from "../lib/settings.mjs";
import { formatNumber, formatSpread, summary } from "../lib/statistics.mjs";
import { importTimes } from "../scale/import-times.mjs";
import { measureProcesses, processPanels, processTables } from "../scale/processes.mjs";

const SIZES = [1_000, 10_000, 100_000];
const PEERS = ["hono", "h3", "fastify", "express", "koa", "polka"];
const KB = 1024;

export async function run() {
  const trees = {};
  const sizesOfTrees = isWanted("trees") ? SIZES : [];
  for (const size of sizesOfTrees)
    trees[size] = await repeated("scale/build-tree.mjs", [size], ["--expose-gc"]);
  const imports = isWanted("imports") ? await importTimes(PEERS) : {};
  const processes = isWanted("processes") ? await measureProcesses() : {};
  const sizes = isWanted("sizes") ? bundleSizes() : [];
  return writeReport("scale", {
    title: "Scale: building, importing, size",
    host: hostInfo(PEERS),
    notes: [
      "Every figure of trees and imports is of a new process. The processes that serve, and the load, share all cores: a second process gets what the load leaves of them.",
    ],
    tables: [treeTable(trees), importTable(imports), sizeTable(sizes), ...processTables(processes)].filter(
      ({ rows }) => rows.length > 0,
    ),
    panels: [
      panel("build and finalize, ms", Object.entries(trees), (run) => run.buildMs + run.finalizeMs, "ms"),
      panel("import, ms", Object.entries(imports), (run) => run.ms, "ms"),
      ...processPanels(processes),
      {
        title: "minified and gzipped, KB",
        bars: sizes.map(({ name, gzipped }) => ({
          label: name,
          value: gzipped / KB,
          text: `${formatNumber(gzipped / KB)} KB`,
        })),
      },
    ].filter(({ bars }) => bars.length > 0),
    data: { trees, imports, sizes, processes },
  });
}

async function repeated(script, args, execArgv = []) {
  const runs = [];
  for (let round = 0; round < rounds; round++) runs.push(await runChild(script, args, { execArgv }));
  return runs;
}

const spreadOf = (runs, value) => formatSpread(summary(runs.map(value)));

function treeTable(trees) {
  return {
    title: "A tree of resources",
    head: [
      "resources",
      "build ms",
      "finalize ms",
      "together ms",
      "heap B/resource",
      "of it before finalizing",
      "RSS B/resource",
    ],
    rows: Object.entries(trees).map(([size, runs]) => [
      Number(size).toLocaleString("en-US"),
      spreadOf(runs, (run) => run.buildMs),
      spreadOf(runs, (run) => run.finalizeMs),
      spreadOf(runs, (run) => run.buildMs + run.finalizeMs),
      spreadOf(runs, (run) => run.heapBytes),
      spreadOf(runs, (run) => run.definitionBytes),
      spreadOf(runs, (run) => run.rssBytes),
    ]),
  };
}

function importTable(imports) {
  return {
    title:
      "Import (Argania minified in one file, and published as in `dist/`; the others as they are installed)",
    head: ["package", "ms", "RSS KB"],
    rows: Object.entries(imports).map(([name, runs]) => [
      name,
      spreadOf(runs, (run) => run.ms),
      spreadOf(runs, (run) => run.rssBytes / KB),
    ]),
  };
}

function sizeTable(sizes) {
  return {
    title: "Bundle, by esbuild",
    head: ["what", "minified KB", "gzipped KB"],
    rows: sizes.map(({ name, minified, gzipped }) => [
      name,
      formatNumber(minified / KB),
      formatNumber(gzipped / KB),
    ]),
  };
}

function panel(title, entries, value, unit) {
  const bars = entries.map(([label, runs]) => {
    const { median } = summary(runs.map(value));
    return { label, value: median, text: `${formatNumber(median)} ${unit}` };
  });
  return { title, bars };
}
