// Child process: times requests to fetch handlers.

import { setImmediate as nextJob } from "node:timers/promises";
import { sendResult } from "../lib/child.mjs";
import { freshPaths } from "../lib/fresh-strings.mjs";
import { rounds } from "../lib/settings.mjs";
import { fetchers } from "./fetchers.mjs";

/**
 * Requests come one after the other, with the event loop between them. What the platform's `Request` holds weakly is kept as
 * long as a job lasts: in one job of 5,000 requests the garbage collector has up to a third of the time.
 */
const CALLS_OF_TURN = 100;
const TURNS_OF_ROUND = 50;
/** A round takes a quarter of a second, and the machine's speed changes: there are more of them than in other suites. */
const measuredRounds = rounds * 5;

const subjects = new Map();
const loops = new Map();
for (const [name, make] of Object.entries(fetchers)) {
  const call = make();
  await checkFetch(name, call);
  subjects.set(name, call);
  loops.set(name, ownLoop(isPromise(call("http://localhost/user/1"))));
}
const order = [...subjects.keys()];
const taken = Object.fromEntries(order.map((name) => [name, []]));
for (let round = -1; round < measuredRounds; round++) {
  const spent = await timesOfRound(Math.max(round, 0));
  // The first round is for the compiler.
  if (round >= 0) for (const name of order) taken[name].push(spent[name] / (TURNS_OF_ROUND * CALLS_OF_TURN));
}
sendResult(taken);

async function timesOfRound(round) {
  const spent = Object.fromEntries(order.map((name) => [name, 0]));
  for (let turn = 0; turn < TURNS_OF_ROUND; turn++) {
    // Another one begins each time: the garbage of one turn is in part collected in the next.
    const first = (round + turn) % order.length;
    for (const name of [...order.slice(first), ...order.slice(0, first)])
      spent[name] += await timeOfTurn(name);
  }
  return spent;
}

/** In nanoseconds, in a job of its own. */
async function timeOfTurn(name) {
  const urls = freshPaths([{ path: "http://localhost/user/{n}" }], CALLS_OF_TURN);
  await nextJob();
  const before = process.hrtime.bigint();
  await loops.get(name)(subjects.get(name), urls);
  return Number(process.hrtime.bigint() - before);
}

function isPromise(value) {
  return typeof value?.then === "function";
}

/** What comes as a promise is awaited, each before the next; what comes as a value is not. */
function ownLoop(isAsync) {
  return new Function(
    `return ${isAsync ? "async " : ""}function loop(call, urls) {
      for (let index = 0; index < urls.length; index++) ${isAsync ? "await " : ""}call(urls[index]);
    }`,
  )();
}

async function checkFetch(name, call) {
  const response = await call("http://localhost/user/42");
  const [type] = (response.headers.get("content-type") ?? "").split(";");
  const body = await response.text();
  if (response.status !== 200 || type !== "text/plain" || body !== "42") {
    throw new Error(`${name} answers ${response.status} ${type} ${body}`);
  }
}
