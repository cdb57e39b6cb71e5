// The CPU time of an echoed message without the kernel: every contender in processes of its own, over connections in memory.

import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pinned } from "../lib/child.mjs";
import { cpuReport } from "../lib/cpu-report.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { here, root } from "../lib/paths.mjs";
import { isWanted, onlyContenders, rounds } from "../lib/settings.mjs";
import { buildWebSocket, CONTENDERS, SCENARIOS, SERVER_FLAGS } from "./websocket.mjs";

/** What the compiler made of one is luck in part. */
const PROCESSES = 3;
const WARM_UP_TURNS = 6;
const TURNS_OF_A_ROUND = 4;

export async function run() {
  buildWebSocket();
  const measured = {};
  for (const [name, scenario] of Object.entries(SCENARIOS).filter(([key]) => isWanted(key))) {
    measured[name] = await measure(scenario, onlyContenders ?? CONTENDERS);
    console.error(`${name}: done`);
  }
  const host = hostInfo([]);
  host.packages.ws = createRequire(join(root, "package.json"))("ws/package.json").version;
  return cpuReport(measured, host, { name: "websocket-cpu", what: "an echoed WebSocket message" });
}

async function measure(scenario, contenders) {
  const processes = [];
  try {
    for (let index = 0; index < PROCESSES; index++) {
      for (const contender of contenders) processes.push(await startProcess(contender, scenario));
    }
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

async function startProcess(contender, { kind, bytes, connections, window }) {
  const [execPath, execArgv] = pinned(0, process.execPath, SERVER_FLAGS);
  const args = [contender, kind, bytes, connections, window].map(String);
  const child = fork(join(here, "websocket", "in-memory.mjs"), args, {
    execPath,
    execArgv,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const answer = () =>
    new Promise((resolve, reject) => {
      const onExit = () => reject(new Error(`${contender} ended.`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message);
      });
    });
  await answer();
  const turns = Math.max(50, Math.round((bytes > 30_000 ? 400 : 4_000) / window));
  const serve = () => {
    const taken = answer();
    child.send(turns);
    return taken;
  };
  return { contender, child, serve, taken: [] };
}
