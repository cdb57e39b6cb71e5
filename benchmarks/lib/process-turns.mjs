// Contenders in processes of their own, several of each, which take turns: what the compiler made of one is luck in part.

import { fork } from "node:child_process";
import { pinned } from "./child.mjs";
import { rounds } from "./settings.mjs";

const PROCESSES = 3;
const WARM_UP_TURNS = 6;
/** Short turns: there are more rounds than in the suites that load real sockets. */
const TURNS_OF_A_ROUND = 4;

/**
 * What each process of each contender took, turn by turn. `start` gives a process of a contender; `check` sees all of them
 * before anything is measured.
 */
export async function takeTurns(contenders, start, check = () => {}) {
  const processes = [];
  try {
    for (let index = 0; index < PROCESSES; index++) {
      for (const contender of contenders)
        processes.push({ contender, taken: [], ...(await start(contender)) });
    }
    check(processes);
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

/** A process on the first core that says something once it is ready, and then what each turn of so many `requests` took. */
export async function startTurns({ script, args, flags, requests, name }) {
  const [execPath, execArgv] = pinned(0, process.execPath, flags);
  const child = fork(script, args, {
    execPath,
    execArgv,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const answer = () =>
    new Promise((resolve, reject) => {
      const onExit = () => reject(new Error(`${name} ended`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message);
      });
    });
  const answers = await answer();
  const serve = () => {
    const taken = answer();
    child.send(requests);
    return taken;
  };
  return { child, answers, serve };
}
