import { fork } from "node:child_process";
import { join } from "node:path";
import { pinned } from "../lib/child.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { here } from "../lib/paths.mjs";
import { writeReport } from "../lib/report.mjs";
import { isWanted, onlyContenders, rounds, seconds } from "../lib/settings.mjs";
import { formatNumber, formatSpread, ratio, summary } from "../lib/statistics.mjs";

const CONTENDERS = ["raw", "argania", "hono"];
const CLIENTS = 1_000;
/** Events that are published in one turn; the next ones when all clients have these. */
const SCENARIOS = { "one event at a time": 1, "ten events at a time": 10 };
const WARM_UP = 60;
const HELD = 5_000;
const HELD_EVENTS = 10;
const KB = 1024;

export async function run() {
  const fanOut = {};
  for (const name of Object.keys(SCENARIOS).filter(isWanted)) fanOut[name] = {};
  const held = {};
  for (let round = 0; round < rounds; round++) {
    const names = onlyContenders ?? CONTENDERS;
    const turn = round % names.length;
    for (const contender of [...names.slice(turn), ...names.slice(0, turn)]) {
      for (const name of Object.keys(fanOut)) {
        fanOut[name][contender] ??= [];
        fanOut[name][contender].push(await measureFanOut(contender, SCENARIOS[name]));
      }
      if (isWanted("held")) {
        held[contender] ??= [];
        held[contender].push(await measureHeld(contender));
      }
    }
    console.error(`sse: round ${round + 1} of ${rounds}`);
  }
  return report(fanOut, held);
}

/** How often all clients can be sent an event, and what that takes of the server. */
async function measureFanOut(contender, events) {
  const [server, clients] = await start(contender, CLIENTS);
  try {
    const publish = async () => {
      await clients.ask({ ask: "expect", count: events * CLIENTS });
      const received = clients.next();
      server.tell({ ask: "publish", events });
      await received;
    };
    for (let count = 0; count < WARM_UP; count++) await publish();
    const before = await server.ask({ ask: "usage" });
    const start = performance.now();
    let published = 0;
    while (performance.now() - start < seconds * 1_000) {
      await publish();
      published += events;
    }
    const took = (performance.now() - start) / 1_000;
    const after = await server.ask({ ask: "usage" });
    if (after.size !== CLIENTS) throw new Error(`${contender} has ${after.size} clients, not ${CLIENTS}`);
    const user = (after.user - before.user) / published / CLIENTS;
    const system = (after.system - before.system) / published / CLIENTS;
    return { perSecond: published / took, microseconds: user + system, userMicroseconds: user };
  } finally {
    server.stop();
    clients.stop();
  }
}

/** What a connection takes on which hardly anything happens. */
async function measureHeld(contender) {
  const server = await startServer(contender);
  const clients = startProcess("sse/clients.mjs", 1, []);
  try {
    const before = await server.ask({ ask: "usage" });
    await clients.ask({ ask: "connect", port: server.port, count: HELD });
    for (let count = 0; count < HELD_EVENTS; count++) {
      await clients.ask({ ask: "expect", count: HELD });
      const received = clients.next();
      server.tell({ ask: "publish", events: 1 });
      await received;
    }
    const during = await server.ask({ ask: "usage" });
    await clients.ask({ ask: "leave" });
    let after = during;
    while (after.size > 0) after = await server.ask({ ask: "usage" });
    return { perConnection: (during.rss - before.rss) / HELD, left: after.rss - before.rss };
  } finally {
    server.stop();
    clients.stop();
  }
}

async function start(contender, count) {
  const server = await startServer(contender);
  const clients = startProcess("sse/clients.mjs", 1, []);
  await clients.ask({ ask: "connect", port: server.port, count });
  return [server, clients];
}

async function startServer(contender) {
  const server = startProcess("sse/serve.mjs", 0, [contender], ["--expose-gc"]);
  const { port } = await server.next();
  return { ...server, port };
}

function startProcess(script, core, args, nodeArgs = []) {
  const [execPath, execArgv] = pinned(core, process.execPath, nodeArgs);
  const child = fork(join(here, script), args, {
    execPath,
    execArgv,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const next = () =>
    new Promise((resolve, reject) => {
      const onExit = () => reject(new Error(`${script} ${args} ended`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message);
      });
    });
  const tell = (message) => child.send(message);
  const ask = (message) => {
    tell(message);
    return next();
  };
  return { next, tell, ask, stop: () => child.kill("SIGKILL") };
}

function report(fanOut, held) {
  return writeReport("sse", {
    title: "Server-sent events",
    host: hostInfo(["hono", "@hono/node-server"]),
    notes: [
      `Each event goes to ${CLIENTS.toLocaleString("en-US")} clients, in another process on another core; the next ones follow when all have them. \`raw\` is \`node:http\` by hand: it makes the bytes once and writes them to each response, and does nothing else. Above 1, Argania is ahead.`,
      `Connections are held ${HELD.toLocaleString("en-US")} at a time, with ${HELD_EVENTS} events in all, after a garbage collection.`,
    ],
    tables: [
      ...Object.entries(fanOut).map(fanOutTable),
      ...(Object.keys(held).length > 0 ? [heldTable(held)] : []),
    ],
    panels: Object.entries(fanOut).map(([name, taken]) => ({
      title: `${name}: CPU µs per event and client`,
      bars: Object.entries(taken).map(([label, turns]) => {
        const { median } = summary(turns.map(({ microseconds }) => microseconds));
        return { label, value: median, text: `${formatNumber(median)} µs` };
      }),
    })),
    data: { fanOut, held },
  });
}

function fanOutTable([name, taken]) {
  const column = (contender, key) => taken[contender].map((turn) => turn[key]);
  const advantage = (contender, key) => {
    if (taken.argania === undefined || contender === "argania") return "–";
    const [own, other] = [column("argania", key), column(contender, key)];
    return formatSpread(key === "perSecond" ? ratio(own, other) : ratio(other, own));
  };
  return {
    title: `To ${CLIENTS.toLocaleString("en-US")} clients, ${name}`,
    head: [
      "server",
      "events/s",
      "Argania's are ×",
      "CPU µs/event and client",
      "Argania's better ×",
      "in user mode",
    ],
    rows: Object.keys(taken).map((contender) => [
      contender,
      formatSpread(summary(column(contender, "perSecond"))),
      advantage(contender, "perSecond"),
      formatSpread(summary(column(contender, "microseconds"))),
      advantage(contender, "microseconds"),
      formatSpread(summary(column(contender, "userMicroseconds"))),
    ]),
  };
}

function heldTable(held) {
  return {
    title: "A held connection",
    head: ["server", "RSS KB/connection", "RSS KB left when all have gone"],
    rows: Object.entries(held).map(([contender, turns]) => [
      contender,
      formatSpread(summary(turns.map(({ perConnection }) => perConnection / KB))),
      formatSpread(summary(turns.map(({ left }) => left / KB))),
    ]),
  };
}
