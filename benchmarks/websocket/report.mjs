import { writeReport } from "../lib/report.mjs";
import { formatNumber, formatSpread, ratio, summary } from "../lib/statistics.mjs";

export function websocketReport(measured, host) {
  const scenarios = Object.entries(measured);
  return writeReport("websocket", {
    title: "WebSocket: echoed messages per second on one core",
    host,
    notes: [
      "A scenario is a kind of message, its length in bytes and how many connections send it, each with one message under way unless a window is given. `ws` passes on the bytes that it has received; `ws-decoded` makes text of them and sends that, as Argania does. Above 1, Argania is ahead.",
      "CPU is what the server's own process used per message, most of it in the kernel. The part in user mode is the steadiest figure.",
    ],
    tables: [...ratioTables(scenarios), ...scenarios.map(scenarioTable)],
    panels: scenarios.map(([name, taken]) => ({
      title: name,
      bars: Object.entries(taken).map(([contender, turns]) => {
        const { median } = summary(turns.map(({ perSecond }) => perSecond));
        return { label: contender, value: median, text: `${formatNumber(median)} /s` };
      }),
    })),
    data: { measured },
  });
}

function ratioTables(scenarios) {
  const others = [...new Set(scenarios.flatMap(([, taken]) => Object.keys(taken)))].filter(
    (name) => name !== "argania",
  );
  const tableOf = (title, key) => ({
    title,
    head: ["scenario", ...others],
    rows: scenarios.map(([name, taken]) => [
      name,
      ...others.map((other) => {
        if (taken.argania === undefined || taken[other] === undefined) return "–";
        const own = taken.argania.map((turn) => turn[key]);
        const theirs = taken[other].map((turn) => turn[key]);
        return formatSpread(key === "perSecond" ? ratio(own, theirs) : ratio(theirs, own));
      }),
    ]),
  });
  return [
    tableOf("Argania against bare ws, messages per second", "perSecond"),
    tableOf("Argania against bare ws, CPU time per message", "cpuMicroseconds"),
    tableOf("Argania against bare ws, CPU time in user mode per message", "userMicroseconds"),
  ];
}

function scenarioTable([name, taken]) {
  const spread = (turns, key) => formatSpread(summary(turns.map((turn) => turn[key])));
  return {
    title: name,
    head: ["contender", "messages/s", "CPU µs/message", "in user mode"],
    rows: Object.entries(taken).map(([contender, turns]) => [
      contender,
      spread(turns, "perSecond"),
      spread(turns, "cpuMicroseconds"),
      spread(turns, "userMicroseconds"),
    ]),
  };
}
