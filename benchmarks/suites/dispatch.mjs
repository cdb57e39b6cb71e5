import { join } from "node:path";
import { runChild } from "../lib/child.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { here } from "../lib/paths.mjs";
import { startTurns, takeTurns } from "../lib/process-turns.mjs";
import { writeReport } from "../lib/report.mjs";
import { isWanted } from "../lib/settings.mjs";
import { formatNumber, formatSpread, ratio, summary } from "../lib/statistics.mjs";

const COUNTS = [0, 1, 5, 10, 20];
const CALLS_OF_TURN = 10_000;
const FLOOR = "new Request + new Response";
const PACKAGES = ["koa-compose", "hono", "h3", "@remix-run/fetch-router"];

export async function run() {
  const measured = {};
  for (const kind of ["sync", "async"].filter(isWanted)) {
    measured[kind] = await measureLayers(kind);
    console.error(`dispatch: ${kind} layers`);
  }
  if (isWanted("fetch")) measured.fetch = await runChild("dispatch/measure-fetch.mjs");
  const kinds = Object.keys(measured).filter((part) => part !== "fetch");
  return writeReport("dispatch", {
    title: "Dispatch: nanoseconds per call, in process",
    host: hostInfo(PACKAGES),
    notes: [
      "Each number of layers has processes of its own, which take short turns. Layers only pass on. Argania's and h3's calls hold routing, too: compare the columns “per layer”, a twentieth of what 20 layers add to none.",
    ],
    tables: [
      ...kinds.map((kind) => layersTable(kind, measured[kind])),
      ...(measured.fetch ? [fetchTable(measured.fetch)] : []),
    ],
    panels: [
      ...kinds.map((kind) => ({
        title: `per ${kind} layer, ns`,
        bars: Object.keys(measured[kind][0]).map((label) => {
          const value = perLayer(measured[kind], label).median;
          return { label, value: Math.max(0, value), text: `${formatNumber(value)} ns` };
        }),
      })),
      ...(measured.fetch ? [fetchPanel(measured.fetch)] : []),
    ],
    data: { measured },
  });
}

/** Of each number of layers a contender's times, turn by turn: those at the same place were taken within a second. */
async function measureLayers(kind) {
  const byCount = await takeTurns(COUNTS, (count) =>
    startTurns({
      script: join(here, "dispatch", "measure-layers.mjs"),
      args: [String(count), kind],
      flags: [],
      requests: CALLS_OF_TURN,
      name: `${count} layers, ${kind}`,
    }),
  );
  return Object.fromEntries(COUNTS.map((count) => [count, byContender(byCount[count].flat())]));
}

function byContender(turns) {
  const names = Object.keys(turns[0]);
  return Object.fromEntries(names.map((name) => [name, turns.map((turn) => turn[name])]));
}

function fetchPanel(taken) {
  return {
    title: "fetch(Request), ns",
    bars: Object.entries(taken).map(([label, times]) => {
      const { median } = summary(times);
      return { label, value: median, text: `${formatNumber(median)} ns` };
    }),
  };
}

function perLayer(byCount, name) {
  const most = COUNTS.at(-1);
  return summary(byCount[most][name].map((time, turn) => (time - byCount[0][name][turn]) / most));
}

function layersTable(kind, byCount) {
  return {
    title: `Layers, ${kind}`,
    head: ["contender", ...COUNTS.map((count) => `${count} layers`), "per layer"],
    rows: Object.keys(byCount[0]).map((name) => [
      name,
      ...COUNTS.map((count) => formatNumber(summary(byCount[count][name]).median)),
      formatSpread(perLayer(byCount, name)),
    ]),
  };
}

function fetchTable(taken) {
  return {
    title: "fetch(Request), a param read",
    head: ["contender", "ns", "to the bare objects"],
    rows: Object.entries(taken).map(([name, times]) => [
      name,
      formatSpread(summary(times)),
      formatSpread(ratio(times, taken[FLOOR])),
    ]),
  };
}
