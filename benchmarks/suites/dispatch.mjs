import { runChild } from "../lib/child.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { writeReport } from "../lib/report.mjs";
import { isWanted } from "../lib/settings.mjs";
import { formatNumber, formatSpread, ratio, summary } from "../lib/statistics.mjs";

const COUNTS = [0, 1, 5, 10, 20];
const FLOOR = "new Request + new Response";
const PACKAGES = ["koa-compose", "hono", "h3", "@remix-run/fetch-router"];

export async function run() {
  const measured = {};
  for (const kind of ["sync", "async"].filter(isWanted)) {
    measured[kind] = {};
    for (const count of COUNTS) {
      measured[kind][count] = await runChild("dispatch/measure.mjs", ["layers", count, kind]);
      console.error(`dispatch: ${count} layers, ${kind}`);
    }
  }
  if (isWanted("fetch")) measured.fetch = await runChild("dispatch/measure.mjs", ["fetch"]);
  const kinds = Object.keys(measured).filter((part) => part !== "fetch");
  return writeReport("dispatch", {
    title: "Dispatch: nanoseconds per call, in process",
    host: hostInfo(PACKAGES),
    notes: [
      "Layers only pass on. Argania's and h3's calls hold routing, too: compare the columns “per layer”, a twentieth of what 20 layers add to none.",
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

function fetchPanel(taken) {
  return {
    title: "fetch(Request), ns",
    bars: Object.entries(taken).map(([label, times]) => {
      const { median } = summary(times);
      return { label, value: median, text: `${formatNumber(median)} ns` };
    }),
  };
}

/** Processes differ from each other: only medians are set off against each other, not rounds. */
function perLayer(byCount, name) {
  const most = COUNTS.at(-1);
  const none = summary(byCount[0][name]).median;
  return summary(byCount[most][name].map((time) => (time - none) / most));
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
