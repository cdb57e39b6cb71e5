import { writeReport } from "./report.mjs";
import { formatNumber, formatSpread, ratio, summary } from "./statistics.mjs";

const OWN = "static-argania";

const column = (turns, key) => turns.map((turn) => turn[key]);
const nameOf = (contender) => contender.replace("static-", "");

/** Requests and CPU time for each size of file, and how Argania compares with each of the others. */
export function staticReport(measured, host, tool) {
  const scenarios = Object.entries(measured);
  return writeReport("static", {
    title: "Static files: requests per second on one core",
    host,
    notes: [
      `Load by ${tool}, 64 connections kept alive, from another core. Above 1, Argania is ahead.`,
      "sirv looks at its files when it starts, and never again; sirv:dev and all others look at each request. argania:trusted looks once a second (`revalidateAfter: 1_000`), argania:uncached keeps nothing in memory. At 304 sirv sends none of the headers that RFC 9110 §15.4.5 asks for.",
    ],
    tables: [...ratioTables(scenarios), ...scenarios.map(scenarioTable)],
    panels: scenarios.map(([name, taken]) => ({
      title: name,
      bars: Object.entries(taken).map(([contender, turns]) => {
        const { median } = summary(column(turns, "perSecond"));
        return { label: nameOf(contender), value: median, text: `${formatNumber(median)} /s` };
      }),
    })),
    data: { tool, measured },
  });
}

function ratioTables(scenarios) {
  const others = [...new Set(scenarios.flatMap(([, taken]) => Object.keys(taken)))].filter(
    (contender) => contender !== OWN,
  );
  const tableOf = (title, key) => ({
    title,
    head: ["scenario", ...others.map(nameOf)],
    rows: scenarios.map(([name, taken]) => [name, ...others.map((other) => advantage(taken, other, key))]),
  });
  return [
    tableOf("Argania against each, requests per second", "perSecond"),
    tableOf("Argania against each, CPU time per request", "cpuMicroseconds"),
  ];
}

function advantage(taken, other, key) {
  if (taken[OWN] === undefined || taken[other] === undefined) return "–";
  const own = column(taken[OWN], key);
  const others = column(taken[other], key);
  return formatSpread(key === "perSecond" ? ratio(own, others) : ratio(others, own));
}

function scenarioTable([name, taken]) {
  const rows = Object.entries(taken).map(([contender, turns]) => [
    nameOf(contender),
    formatSpread(summary(column(turns, "perSecond"))),
    formatSpread(summary(column(turns, "cpuMicroseconds"))),
    formatNumber(summary(column(turns, "p50")).median),
    formatNumber(summary(column(turns, "p99")).median),
    formatNumber(summary(column(turns, "rss")).median / 2 ** 20),
  ]);
  return {
    title: name,
    head: ["contender", "requests/s", "CPU µs/request", "p50 ms", "p99 ms", "RSS MiB"],
    rows,
  };
}
