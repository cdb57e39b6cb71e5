// The CPU time of a request without the kernel: every contender in processes of its own, over connections in memory.

import { fork } from "node:child_process";
import { join } from "node:path";
import { assertSame } from "../lib/answers.mjs";
import { pinned } from "../lib/child.mjs";
import { cpuReport } from "../lib/cpu-report.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { here } from "../lib/paths.mjs";
import { isWanted, onlyContenders, rounds } from "../lib/settings.mjs";
import { scenarios } from "../servers/scenarios.mjs";
import { makeFiles, staticScenarios } from "../servers/static-scenarios.mjs";

const SERVERS = ["raw:object", "raw:array", "argania-listener", "argania", "fastify"];
const STATIC_SERVERS = ["static-argania", "static-argania:trusted", "static-sirv", "static-fastify"];
/** What the compiler made of one is luck in part. */
const PROCESSES = 3;
const REQUESTS = 3_000;
const WARM_UP_TURNS = 6;
/** Short turns: there are more rounds than in the suites that load real sockets. */
const TURNS_OF_A_ROUND = 4;

export async function run() {
  makeFiles();
  const measured = {};
  for (const name of Object.keys({ ...scenarios, ...staticScenarios })) {
    // Kept out: what fills a socket's buffer.
    if (["body-100k", "static-100k", "static-10m"].includes(name) || !isWanted(name)) continue;
    measured[name] = await measure(name, onlyContenders ?? contendersOf(name));
    console.error(`${name}: done`);
  }
  return cpuReport(measured, hostInfo(["fastify", "@fastify/static", "sirv"]));
}

/** Argania in each of the ways that a scenario names: over real sockets the machine hides what they differ in. */
function contendersOf(name) {
  const { contenders = [] } = scenarios[name] ?? {};
  const ways = contenders.filter((contender) => contender.startsWith("argania:"));
  return name in staticScenarios ? STATIC_SERVERS : [...SERVERS, ...ways];
}

async function measure(name, contenders) {
  const processes = [];
  try {
    for (let index = 0; index < PROCESSES; index++) {
      for (const contender of contenders) processes.push(await startProcess(contender, name));
    }
    assertSame(
      name,
      processes.map(({ contender, answers }) => [contender, answers]),
    );
    for (let turn = 0; turn < WARM_UP_TURNS; turn++) {
      for (const each of processes) await each.serve();
    }
    for (let turn = 0; turn < rounds * TURNS_OF_A_ROUND; turn++) {
      for (const each of processes) each.taken.push(await each.serve());
    }
    return Object.fromEntries(
      contenders.map((contender) => [
        contender,
        processes.filter((each) => each.contender === contender).map(({ taken }) => taken),
      ]),
    );
  } finally {
    for (const { child } of processes) child.kill("SIGKILL");
  }
}

/** `BENCH_KEEPS_TICKS=no` leaves to chance what decision 31 is about. */
async function startProcess(contender, name) {
  const keeps =
    process.env.BENCH_KEEPS_TICKS !== "no" ? ["--import", join(here, "lib", "keep-ticks.mjs")] : [];
  const [execPath, execArgv] = pinned(0, process.execPath, keeps);
  const child = fork(join(here, "servers", "in-memory.mjs"), [contender, name], {
    execPath,
    execArgv,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const answer = () =>
    new Promise((resolve, reject) => {
      const onExit = () => reject(new Error(`${contender} ended while serving ${name}`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message);
      });
    });
  const answers = await answer();
  const serve = () => {
    const taken = answer();
    child.send(REQUESTS);
    return taken;
  };
  return { contender, child, answers, serve, taken: [] };
}
