// Child process: times calls through layers, or requests to fetch handlers.

import { setImmediate as nextJob } from "node:timers/promises";
import { sendResult } from "../lib/child.mjs";
import { freshPaths } from "../lib/fresh-strings.mjs";
import { rounds } from "../lib/settings.mjs";
import { fetchers } from "./fetchers.mjs";
import { calls, contenders, TEXT } from "./layered.mjs";

const [what, count, kind] = process.argv.slice(2);
const isFetch = what === "fetch";
/**
 * Requests come one after the other, with the event loop between them. What the platform's `Request` holds weakly is kept as
 * long as a job lasts: in one job of 5,000 requests the garbage collector has up to a third of the time.
 */
const [callsOfTurn, turnsOfRound] = isFetch ? [100, 50] : [50_000, 1];

const subjects = new Map();
if (isFetch) {
  for (const [name, make] of Object.entries(fetchers)) {
    subjects.set(name, make());
    await checkFetch(name, subjects.get(name));
  }
} else {
  for (const [name, make] of Object.entries(contenders)) {
    const { call, ask } = make(Number(count), kind === "async");
    await checkLayers(name, ask);
    subjects.set(name, call);
  }
}

const taken = Object.fromEntries([...subjects.keys()].map((name) => [name, []]));
const loops = new Map();
for (const [name, call] of subjects) loops.set(name, ownLoop(isPromise(call("http://localhost/user/1"))));
const order = [...subjects.keys()];
for (let round = -1; round < rounds; round++) {
  const spent = Object.fromEntries(order.map((name) => [name, 0]));
  for (let turn = 0; turn < turnsOfRound; turn++) {
    // Another one begins each time: the garbage of one turn is in part collected in the next.
    const first = (Math.max(round, 0) + turn) % order.length;
    for (const name of [...order.slice(first), ...order.slice(0, first)])
      spent[name] += await timeOfTurn(name);
  }
  // The first round is for the compiler.
  if (round >= 0) for (const name of order) taken[name].push(spent[name] / (turnsOfRound * callsOfTurn));
}
sendResult(taken);

/** In nanoseconds, in a job of its own. */
async function timeOfTurn(name) {
  const urls = isFetch ? freshPaths([{ path: "http://localhost/user/{n}" }], callsOfTurn) : [];
  await nextJob();
  const before = process.hrtime.bigint();
  await loops.get(name)(subjects.get(name), urls, callsOfTurn);
  return Number(process.hrtime.bigint() - before);
}

function isPromise(value) {
  return typeof value?.then === "function";
}

/** What comes as a promise is awaited, each before the next; what comes as a value is not. */
function ownLoop(isAsync) {
  return new Function(
    `return ${isAsync ? "async " : ""}function loop(call, urls, times) {
      for (let index = 0; index < times; index++) ${isAsync ? "await " : ""}call(urls[index]);
    }`,
  )();
}

async function checkLayers(name, ask) {
  calls.layers = 0;
  calls.handlers = 0;
  const answer = await ask();
  if (answer !== TEXT) throw new Error(`${name} answers ${answer}, not ${TEXT}`);
  if (calls.layers !== Number(count) || calls.handlers !== 1) {
    throw new Error(`${name}: ${calls.layers} layers and ${calls.handlers} handlers ran, not ${count} and 1`);
  }
}

async function checkFetch(name, call) {
  const response = await call("http://localhost/user/42");
  const [type] = (response.headers.get("content-type") ?? "").split(";");
  const body = await response.text();
  if (response.status !== 200 || type !== "text/plain" || body !== "42") {
    throw new Error(`${name} answers ${response.status} ${type} ${body}`);
  }
}
