import { runChild } from "../lib/child.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { writeReport } from "../lib/report.mjs";
import { isWanted } from "../lib/settings.mjs";
import { formatNumber, formatSpread, ratio, summary } from "../lib/statistics.mjs";
import { groupNames } from "../routers/groups.mjs";

const PACKAGES = ["memoirist", "find-my-way", "rou3", "hono", "trouter"];
const ORDER = [
  ...["argania", "memoirist", "find-my-way", "rou3", "rou3 compiled"],
  ...["hono RegExpRouter", "hono TrieRouter", "trouter"],
];

export async function run() {
  const measured = {};
  for (const group of groupNames.filter(isWanted)) {
    measured[group] = await runChild("routers/measure-group.mjs", [group], {
      execArgv: ["--max-old-space-size=3000"],
    });
    console.error(`match: ${group} done`);
  }
  const groups = Object.entries(measured);
  return writeReport("match", {
    title: "Matching: nanoseconds per request, in process",
    host: hostInfo(PACKAGES),
    notes: [
      "Argania's figure holds more than matching: checking the target, the request's context, calling the handler.",
      "“to the fastest peer” is Argania's time over that of the peer with the lowest median: below 1, Argania is ahead. – stands for a router that cannot do it, or not in bearable time.",
    ],
    tables: groups.map(([group, cells]) => ({
      title: group,
      head: ["requests", ...ORDER, "to the fastest peer"],
      rows: Object.entries(cells).map(([cell, taken]) => [cell, ...rowOf(taken)]),
    })),
    panels: groups.flatMap(([group, cells]) =>
      Object.entries(cells).map(([cell, taken]) => ({ title: `${group}: ${cell}`, bars: barsOf(taken) })),
    ),
    data: { measured },
  });
}

const medianOf = (times) => summary(times).median;

function rowOf(taken) {
  const peers = Object.keys(taken).filter((contender) => contender !== "argania");
  const [fastest] = peers.sort((a, b) => medianOf(taken[a]) - medianOf(taken[b]));
  const compared = `${formatSpread(ratio(taken.argania, taken[fastest]))} ${fastest}`;
  return [
    ...ORDER.map((name) => (taken[name] === undefined ? "–" : formatNumber(medianOf(taken[name])))),
    compared,
  ];
}

function barsOf(taken) {
  return ORDER.filter((name) => taken[name] !== undefined).map((label) => {
    const value = medianOf(taken[label]);
    return { label, value, text: `${formatNumber(value)} ns` };
  });
}
