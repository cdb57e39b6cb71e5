import { writeReport } from "./report.mjs";
import { formatNumber, formatSpread, ratio, summary } from "./statistics.mjs";

const column = (turns, key) => turns.map((turn) => turn[key]);
const nameOf = (contender) => contender.replace(/^[a-z]+-/, "");

/**
 * Requests and CPU time in each scenario of the suite `name`, and how its `NAME-argania` compares with each of the others.
 */
export function comparisonReport({ name, title, notes }, measured, host, tool) {
  const scenarios = Object.entries(measured);
  const own = `${name}-argania`;
  return writeReport(name, {
    title,
    host,
    notes: [
      `Load by ${tool}, 64 connections kept alive, from another core. Above 1, Argania is ahead.`,
      ...notes,
    ],
    tables: [...ratioTables(scenarios, own), ...scenarios.map(scenarioTable)],
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

function ratioTables(scenarios, own) {
  const others = [...new Set(scenarios.flatMap(([, taken]) => Object.keys(taken)))].filter(
    (contender) => contender !== own,
  );
  const tableOf = (title, key) => ({
    title,
    head: ["scenario", ...others.map(nameOf)],
    rows: scenarios.map(([name, taken]) => [
      name,
      ...others.map((other) => advantage(taken, own, other, key)),
    ]),
  });
  return [
    tableOf("Argania against each, requests per second", "perSecond"),
    tableOf("Argania against each, CPU time per request", "cpuMicroseconds"),
  ];
}

function advantage(taken, own, other, key) {
  if (taken[own] === undefined || taken[other] === undefined) return "–";
  const ours = column(taken[own], key);
  const theirs = column(taken[other], key);
  return formatSpread(key === "perSecond" ? ratio(ours, theirs) : ratio(theirs, ours));
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
