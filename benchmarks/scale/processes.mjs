// Requests per second with one and with two processes. Here nobody has a core of its own: on two cores the load
// takes what it needs from the servers. So its CPU time is given, too, and how many cores were busy in all.

import { fork } from "node:child_process";
import { join } from "node:path";
import { answersOf, assertSame } from "../lib/answers.mjs";
import { load } from "../lib/load.mjs";
import { here } from "../lib/paths.mjs";
import { rounds, seconds } from "../lib/settings.mjs";
import { formatNumber, formatSpread, ratio, summary } from "../lib/statistics.mjs";

const SCENARIOS = {
  "text, kept connections": {},
  "text, a new connection each": { headers: { Connection: "close" } },
  "0.1 ms of work, kept connections": { path: "/work" },
};
const SERVERS = [
  { name: "Argania, 1 process", contender: "argania", count: 0 },
  { name: "Argania, 1 worker", contender: "argania", count: 1, base: "Argania, 1 process" },
  { name: "Argania, 2 workers", contender: "argania", count: 2, base: "Argania, 1 process" },
  { name: "node:http, 1 process", contender: "raw", count: 0 },
  { name: "node:http, 2 workers", contender: "raw", count: 2, base: "node:http, 1 process" },
];
const WARM_UP_SECONDS = 1;

export async function measureProcesses() {
  const servers = await Promise.all(SERVERS.map(start));
  const taken = {};
  try {
    for (const [scenario, request] of Object.entries(SCENARIOS)) {
      const answers = servers.map(async ({ name, port }) => [name, await answersOf(port, request, {})]);
      assertSame(scenario, await Promise.all(answers));
      const runs = Object.fromEntries(SERVERS.map(({ name }) => [name, []]));
      for (const server of servers) await window(server, request, WARM_UP_SECONDS);
      for (let round = 0; round < rounds; round++) {
        const first = round % servers.length;
        for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
          runs[server.name].push(await window(server, request, seconds));
        }
        console.error(`processes, ${scenario}: round ${round + 1} of ${rounds}`);
      }
      taken[scenario] = runs;
    }
  } finally {
    for (const { child } of servers) child.kill("SIGKILL");
  }
  return taken;
}

async function start({ name, contender, count }) {
  const child = fork(join(here, "scale", "serve.mjs"), [contender, String(count)], {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const next = () =>
    new Promise((resolve, reject) => {
      const onExit = () => reject(new Error(`${name} ended`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message);
      });
    });
  const { port } = await next();
  const usage = () => {
    child.send("usage");
    return next();
  };
  return { name, child, port, usage };
}

async function window({ name, port, usage }, request, time) {
  const before = await usage();
  const {
    requests,
    seconds: took,
    failed,
    late,
    refused,
    cpuSeconds,
  } = await load(port, request, time, { pin: false });
  const after = await usage();
  if (failed > 0 || late > 0 || refused > 0 || requests === 0) {
    throw new Error(`${name}: ${failed} of ${requests} failed, ${late} came too late, ${refused} refused`);
  }
  const first = after.first - before.first;
  const workers = after.workers.map((used, index) => used - before.workers[index]);
  const server = workers.reduce((sum, used) => sum + used, first);
  return {
    perSecond: requests / took,
    serverMicroseconds: server / requests,
    firstMicroseconds: first / requests,
    loadMicroseconds: (cpuSeconds * 1e6) / requests,
    cores: server / 1e6 / took + cpuSeconds / took,
    // 1 is the same for all of them.
    balance: workers.length < 2 ? null : Math.min(...workers) / Math.max(...workers),
  };
}

export function processTables(taken) {
  return Object.entries(taken).map(([scenario, runs]) => ({
    title: `Processes: ${scenario}`,
    head: [
      "server",
      "requests/s",
      "× of 1 process",
      "CPU µs/request, all processes",
      "of it the first process",
      "load's CPU µs/request",
      "cores busy",
      "least busy worker / busiest",
    ],
    rows: SERVERS.map(({ name, base }) => {
      const values = (key) => runs[name].map((run) => run[key]);
      const spread = (key) => formatSpread(summary(values(key)));
      const baseline = base && runs[base].map((run) => run.perSecond);
      return [
        name,
        spread("perSecond"),
        base ? formatSpread(ratio(values("perSecond"), baseline)) : "1",
        spread("serverMicroseconds"),
        spread("firstMicroseconds"),
        spread("loadMicroseconds"),
        spread("cores"),
        values("balance")[0] === null ? "–" : spread("balance"),
      ];
    }),
  }));
}

export function processPanels(taken) {
  return Object.entries(taken).map(([scenario, runs]) => ({
    title: `requests/s: ${scenario}`,
    bars: SERVERS.map(({ name }) => {
      const { median } = summary(runs[name].map(({ perSecond }) => perSecond));
      return { label: name, value: median, text: formatNumber(median) };
    }),
  }));
}
