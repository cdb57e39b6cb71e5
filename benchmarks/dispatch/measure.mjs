// Child process: times calls through layers, or requests to fetch handlers.

import { sendResult } from "../lib/child.mjs";
import { freshPaths } from "../lib/fresh-strings.mjs";
import { rounds } from "../lib/settings.mjs";
import { fetchers } from "./fetchers.mjs";
import { calls, contenders, TEXT } from "./layered.mjs";

const [what, count, kind] = process.argv.slice(2);
const isFetch = what === "fetch";
const timesPerRound = isFetch ? 5_000 : 50_000;

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
for (let round = -1; round < rounds; round++) {
  for (const [name, call] of subjects) {
    const urls = isFetch ? freshPaths([{ path: "http://localhost/user/{n}" }], timesPerRound) : [];
    const before = process.hrtime.bigint();
    await loops.get(name)(call, urls, timesPerRound);
    // The first round is for the compiler.
    if (round >= 0) taken[name].push(Number(process.hrtime.bigint() - before) / timesPerRound);
  }
}
sendResult(taken);

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
