// Child process: a number of layers, called by each contender in turn whenever the parent says how often.

import { calls, contenders, TEXT } from "./layered.mjs";

const [count, kind] = process.argv.slice(2);

const loops = new Map();
for (const [name, make] of Object.entries(contenders)) {
  const { call, ask } = make(Number(count), kind === "async");
  await checkLayers(name, ask);
  loops.set(name, ownLoop(call));
}

process.on("message", async (times) => {
  const taken = {};
  for (const [name, loop] of loops) {
    const before = process.hrtime.bigint();
    await loop(times);
    taken[name] = Number(process.hrtime.bigint() - before) / times;
  }
  process.send(taken);
});
process.on("disconnect", () => process.exit());
process.send("ready");

/** What comes as a promise is awaited, each before the next; what comes as a value is not. */
function ownLoop(call) {
  const isAsync = typeof call()?.then === "function";
  const loop = new Function(
    `return ${isAsync ? "async " : ""}function loop(call, times) {
      for (let index = 0; index < times; index++) ${isAsync ? "await " : ""}call();
    }`,
  )();
  return (times) => loop(call, times);
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
