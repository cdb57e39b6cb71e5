import { writeReport } from "./report.mjs";
import { formatNumber, formatSpread, ratio, summary } from "./statistics.mjs";

const PLAIN = "raw:object";

/** Tables of one scenario each, in front of them one of the ratios that the targets are about. */
export function httpReport(measured, host, tool) {
  const scenarios = Object.entries(measured);
  return writeReport("http", {
    title: "HTTP: requests per second on one core",
    host,
    notes: [
      `Load by ${tool}, 64 connections kept alive, without pipelining, from another core. Above 1, Argania is ahead.`,
      "CPU is what the server's own process used per request, most of it in the kernel, for sending. The part in user mode is what frameworks differ in, and the steadiest figure.",
    ],
    tables: [...ratioTables(scenarios), ...scenarios.map(scenarioTable)],
    panels: scenarios.map(([name, taken]) => ({
      title: name,
      bars: Object.entries(taken).map(([contender, turns]) => {
        const { median } = summary(turns.map(({ perSecond }) => perSecond));
        return { label: contender, value: median, text: `${formatNumber(median)} /s` };
      }),
    })),
    data: { tool, measured },
  });
}

const medianOf = (turns, key) => summary(turns.map((turn) => turn[key])).median;

/** The hand-written variant that took the most requests in this scenario. */
function bestRaw(taken) {
  const raws = Object.keys(taken).filter((contender) => contender.startsWith("raw"));
  return raws.sort((a, b) => medianOf(taken[b], "perSecond") - medianOf(taken[a], "perSecond"))[0];
}

/** Above 1, Argania is ahead: in requests as they are, in CPU time turned over. */
function advantage(taken, other, key) {
  if (taken.argania === undefined || taken[other] === undefined) return null;
  const own = taken.argania.map((turn) => turn[key]);
  const others = taken[other].map((turn) => turn[key]);
  return key === "perSecond" ? ratio(own, others) : ratio(others, own);
}

function ratioTables(scenarios) {
  const others = [...new Set(scenarios.flatMap(([, taken]) => Object.keys(taken)))].filter(
    (contender) => contender !== "argania" && contender !== PLAIN && !contender.startsWith("raw"),
  );
  const head = ["scenario", "fastest raw", "raw plain", ...others];
  const tableOf = (title, key) => ({
    title,
    head,
    rows: scenarios.map(([name, taken]) => {
      const compared = [bestRaw(taken), PLAIN, ...others].map((other) => advantage(taken, other, key));
      return [name, ...compared.map((value) => (value === null ? "–" : formatSpread(value)))];
    }),
  });
  return [
    tableOf("Argania against each, requests per second", "perSecond"),
    tableOf("Argania against each, CPU time per request", "cpuMicroseconds"),
    tableOf("Argania against each, CPU time in user mode per request", "userMicroseconds"),
  ];
}

function scenarioTable([name, taken]) {
  const column = (turns, key) => turns.map((turn) => turn[key]);
  const rows = Object.entries(taken)
    .sort(([, a], [, b]) => medianOf(b, "perSecond") - medianOf(a, "perSecond"))
    .map(([contender, turns]) => [
      contender,
      formatSpread(summary(column(turns, "perSecond"))),
      formatSpread(summary(column(turns, "cpuMicroseconds"))),
      formatSpread(summary(column(turns, "userMicroseconds"))),
      formatNumber(medianOf(turns, "p50")),
      formatNumber(medianOf(turns, "p99")),
    ]);
  return {
    title: name,
    head: ["contender", "requests/s", "CPU µs/request", "in user mode", "p50 ms", "p99 ms"],
    rows,
  };
}
