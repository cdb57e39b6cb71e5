import { writeReport } from "../lib/report.mjs";
import { formatNumber, formatSpread, ratio, summary } from "../lib/statistics.mjs";

export function websocketReport(measured, host) {
  const scenarios = Object.entries(measured);
  return writeReport("websocket", {
    title: "WebSocket: echoed messages per second on one core",
    host,
    notes: [
      "A scenario is a kind of message, its length in bytes and how many connections send it, each with one message under way unless a window is given. `argania` reads in a loop with `for await`, `argania-callback` with `socket.eachMessage`; both wait for slow clients. `ws` passes on the bytes that it has received; `ws-decoded` makes text of them and sends that, as Argania does, with a callback; `ws-loop` also iterates over the messages with `for await`, as with Argania, but has no limits and waits for no slow client: what it is slower by than `ws-decoded` is what that way of reading costs. Above 1, Argania is ahead.",
      "With large messages most of the time goes into JavaScript's unmasking in `ws`, and into fresh memory. Every server has some 24 MB of live objects and one full collection behind it, as that of any application: with less than 8 MB live, V8 never marks, however much external memory comes and goes, and a server of a few lines on bare `ws` stays below that.",
      "CPU is what the server's own process used per message, most of it in the kernel. The part in user mode is the steadiest figure.",
    ],
    tables: [
      ...ratioTables(scenarios, "argania", "Argania's loop"),
      ...ratioTables(scenarios, "argania-callback", "Argania's callback"),
      ...scenarios.map(scenarioTable),
    ],
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

function ratioTables(scenarios, contender, title) {
  const others = [...new Set(scenarios.flatMap(([, taken]) => Object.keys(taken)))].filter(
    (name) => !name.startsWith("argania"),
  );
  const tableOf = (what, key) => ({
    title: `${title} against bare ws, ${what}`,
    head: ["scenario", ...others],
    rows: scenarios.map(([name, taken]) => [
      name,
      ...others.map((other) => {
        if (taken[contender] === undefined || taken[other] === undefined) return "–";
        const own = taken[contender].map((turn) => turn[key]);
        const theirs = taken[other].map((turn) => turn[key]);
        return formatSpread(key === "perSecond" ? ratio(own, theirs) : ratio(theirs, own));
      }),
    ]),
  });
  return [
    tableOf("messages per second", "perSecond"),
    tableOf("CPU time per message", "cpuMicroseconds"),
    tableOf("CPU time in user mode per message", "userMicroseconds"),
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
