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
/** So short that whatever else the machine does falls on all contenders, which take turns. */
const TURN_SECONDS = 0.25;
const TURNS = Math.ceil(seconds / TURN_SECONDS);
const HELD = 5_000;
const HELD_EVENTS = 10;
const KB = 1024;

export async function run() {
  const scenarios = Object.keys(SCENARIOS).filter(isWanted);
  const fanOut = Object.fromEntries(scenarios.map((name) => [name, {}]));
  const held = {};
  for (let round = 0; round < rounds; round++) {
    const names = turned(onlyContenders ?? CONTENDERS, round);
    if (scenarios.length > 0) await measureFanOuts(names, fanOut);
    for (const contender of isWanted("held") ? names : []) {
      held[contender] ??= [];
      held[contender].push(await measureHeld(contender));
    }
    console.error(`sse: round ${round + 1} of ${rounds}`);
  }
  return report(fanOut, held);
}

/** Another one begins each time, so that nobody always comes after the same neighbour. */
function turned(list, count) {
  const turn = count % list.length;
  return [...list.slice(turn), ...list.slice(0, turn)];
}

/** All contenders hold their clients at the same time, and only one at a time has anything to send. */
async function measureFanOuts(names, fanOut) {
  const contenders = [];
  try {
    for (const name of names) contenders.push(await start(name));
    for (const { publish } of contenders) {
      for (let count = 0; count < WARM_UP; count++) await publish(1);
    }
    for (const [scenario, taken] of Object.entries(fanOut)) {
      for (let turn = 0; turn < TURNS; turn++) {
        for (const contender of turned(contenders, turn)) {
          taken[contender.name] ??= [];
          taken[contender.name].push(await measureFanOut(contender, SCENARIOS[scenario]));
        }
      }
    }
  } finally {
    for (const { stop } of contenders) stop();
  }
}

/** How often all clients can be sent an event, and what that takes of the server. */
async function measureFanOut({ name, server, publish }, events) {
  const before = await server.ask({ ask: "usage" });
  const start = performance.now();
  let published = 0;
  do {
    await publish(events);
    published += events;
  } while (performance.now() - start < TURN_SECONDS * 1_000);
  const took = (performance.now() - start) / 1_000;
  const after = await server.ask({ ask: "usage" });
  if (after.size !== CLIENTS) throw new Error(`${name} has ${after.size} clients, not ${CLIENTS}`);
  const user = (after.user - before.user) / published / CLIENTS;
  const system = (after.system - before.system) / published / CLIENTS;
  return { perSecond: published / took, microseconds: user + system, userMicroseconds: user };
}

/** What a connection takes on which hardly anything happens. */
async function measureHeld(contender) {
  const server = await startServer(contender);
  const clients = startProcess("sse/clients.mjs", 1, []);
  try {
    const before = await server.ask({ ask: "memory" });
    await clients.ask({ ask: "connect", port: server.port, count: HELD });
    for (let count = 0; count < HELD_EVENTS; count++) {
      await clients.ask({ ask: "expect", count: HELD });
      const received = clients.next();
      server.tell({ ask: "publish", events: 1 });
      await received;
    }
    const during = await server.ask({ ask: "memory" });
    await clients.ask({ ask: "leave" });
    let after = during;
    while (after.size > 0) after = await server.ask({ ask: "memory" });
    return { perConnection: (during.rss - before.rss) / HELD, left: after.rss - before.rss };
  } finally {
    server.stop();
    clients.stop();
  }
}

/** A server with its clients, and what sends all of them events and waits until they have them. */
async function start(name) {
  const server = await startServer(name);
  const clients = startProcess("sse/clients.mjs", 1, []);
  const stop = () => {
    server.stop();
    clients.stop();
  };
  await clients.ask({ ask: "connect", port: server.port, count: CLIENTS });
  const publish = async (events) => {
    await clients.ask({ ask: "expect", count: events * CLIENTS });
    const received = clients.next();
    server.tell({ ask: "publish", events });
    await received;
  };
  return { name, server, publish, stop };
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
      `Each event goes to ${CLIENTS.toLocaleString("en-US")} clients, in another process on another core; the next ones follow when all have them. \`raw\` is \`node:http\` by hand: it makes the bytes once and writes them to each response, and does nothing else. They take turns of ${TURN_SECONDS} s, and neighbouring turns are compared. Above 1, Argania is ahead.`,
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
