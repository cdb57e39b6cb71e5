// Child processes of the suites: each part of a measurement has a process of its own, so that no part profits or
// suffers from what the compiler learned in another.

import { fork, spawnSync } from "node:child_process";
import { join } from "node:path";
import { here } from "./paths.mjs";

const hasTaskset = spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/** A command pinned to one core, where the system can do that. */
export function pinned(core, command, args) {
  return hasTaskset ? ["taskset", ["-c", String(core), command, ...args]] : [command, args];
}

/** Runs a script of the benchmarks and gives the one message that it sends. */
export function runChild(script, args = [], { timeout = 600_000, execArgv = [] } = {}) {
  const [command, commandArgs] = pinned(0, process.execPath, execArgv);
  const child = fork(join(here, script), args.map(String), {
    execPath: command,
    execArgv: commandArgs,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    timeout,
    killSignal: "SIGKILL",
  });
  return new Promise((resolve, reject) => {
    let message;
    child.once("message", (value) => {
      message = value;
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0 && message !== undefined) resolve(message);
      else reject(new Error(`${script} ${args.join(" ")} ended with ${signal ?? code}`));
    });
  });
}

/** What a child script does with its result. */
export function sendResult(value) {
  process.send(value, () => process.disconnect());
}
