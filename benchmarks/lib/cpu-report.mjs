import { writeReport } from "./report.mjs";
import { formatNumber, formatSpread, quantile, ratio, summary } from "./statistics.mjs";

const isOurs = (contender) => /^(?:static-)?argania/.test(contender);

/** `measured[scenario][contender]` has a list for each process: microseconds of a request in each of its turns. */
export function cpuReport(measured, host, { name: suite = "cpu", what = "a request" } = {}) {
  const scenarios = Object.entries(measured);
  return writeReport(suite, {
    title: `CPU time of ${what}, over connections in memory`,
    host,
    notes: [
      `Microseconds of CPU time for ${what}, without the kernel's network. The client in the same process is in each figure, and the same for all. Several processes of each contender, in short turns.`,
      "Ratios are of the same turn, the other's time to Argania's: above 1, Argania is ahead.",
    ],
    tables: scenarios.flatMap(([name, taken]) => [ratios(name, taken), times(name, taken)]),
    panels: scenarios.map(([name, taken]) => ({
      title: name,
      bars: Object.entries(taken).map(([label, processes]) => {
        const { median } = summary(processes.flat());
        return { label, value: median, text: `${formatNumber(median)} µs` };
      }),
    })),
    data: { measured },
  });
}

function ratios(name, taken) {
  const own = Object.keys(taken).filter(isOurs);
  const others = Object.keys(taken).filter((contender) => !isOurs(contender));
  return {
    title: `${name}, compared`,
    head: ["", ...others],
    rows: own.map((contender) => [
      contender,
      ...others.map((other) => formatSpread(ratio(taken[other].flat(), taken[contender].flat()))),
    ]),
  };
}

function times(name, taken) {
  return {
    title: name,
    head: ["contender", "lowest", "median", "lowest of each process"],
    rows: Object.entries(taken).map(([contender, processes]) => [
      contender,
      formatNumber(quantile(processes.flat(), 0)),
      formatSpread(summary(processes.flat())),
      processes.map((turns) => formatNumber(Math.min(...turns))).join(" · "),
    ]),
  };
}
