// Child process: measures one group of routes with all routers.

import { sendResult } from "../lib/child.mjs";
import { freshPaths } from "../lib/fresh-strings.mjs";
import { rounds } from "../lib/settings.mjs";
import { groupOf } from "./groups.mjs";
import { contenders } from "./peers.mjs";

/** Fewer, and the first cells of a process measure its compilers: 172 ns in place of 30. */
const WARM_UP = 100_000;
const MOST_PATHS = 20_000;
const BATCH = 500;
/** A router that goes through a list would take minutes otherwise. */
const BUDGET_NS = 60_000_000;

const name = process.argv[2];
const { routes, cells } = groupOf(name);
const needsRegex = routes.some(({ path }) => path.includes("("));

const routers = new Map();
for (const [contender, { build, limit, hasRegex }] of Object.entries(contenders)) {
  if (routes.length > limit || (needsRegex && !hasRegex)) continue;
  try {
    routers.set(contender, build(routes));
  } catch (error) {
    // Hono's RegExpRouter takes no param beside a static segment, and says so: then Hono uses its other router.
    if (error.constructor.name !== "UnsupportedPathError") throw error;
    console.error(`${name}: ${contender} cannot have these routes (${error.message})`);
  }
}
const measured = {};
for (const [cell, requests] of Object.entries(cells)) {
  compareAnswers(cell, requests);
  measured[cell] = timeCell(requests, cell.endsWith("params read"));
}
sendResult(measured);

function compareAnswers(cell, requests) {
  for (const { method, path: template, id, names } of requests) {
    const path = template.replaceAll("{n}", "42");
    const segments = path.split("/");
    for (const [contender, { match, idOf, param }] of routers) {
      const found = match(method, path);
      const given = found === null || found === undefined ? -1 : idOf(found);
      const params = given === -1 ? [] : names.map((key) => param(found, key));
      if (given !== id || params.some((value) => !segments.includes(value))) {
        throw new Error(`${name}, ${cell}: ${contender} gives ${given} ${params} for ${path}, not ${id}`);
      }
    }
  }
}

function timeCell(requests, readsParams) {
  const loops = new Map([...routers.keys()].map((contender) => [contender, ownLoop(readsParams)]));
  const taken = Object.fromEntries([...routers.keys()].map((contender) => [contender, []]));
  const names = [...routers.keys()];
  for (let round = -1; round < rounds; round++) {
    const first = (round + 1) % names.length;
    for (const contender of [...names.slice(first), ...names.slice(0, first)]) {
      const count = round < 0 ? WARM_UP : MOST_PATHS;
      const time = timeOnce(loops.get(contender), routers.get(contender), requests, count);
      if (round >= 0) taken[contender].push(time);
    }
  }
  return taken;
}

/** Nanoseconds for each request. */
function timeOnce(loop, { match, param }, requests, count) {
  const paths = freshPaths(requests, count);
  let spent = 0;
  let done = 0;
  while (done < count && spent < BUDGET_NS) {
    const end = Math.min(count, done + BATCH);
    const before = process.hrtime.bigint();
    loop(match, param, paths, requests, done, end);
    spent += Number(process.hrtime.bigint() - before);
    done = end;
  }
  return spent / done;
}

/** A loop for one contender alone: in a shared one, the compiler would see all routers at the same call. */
function ownLoop(readsParams) {
  const read = "for (const name of request.names) sink += param(found, name).length;";
  return new Function(
    "match, param, paths, requests, start, end",
    `let sink = 0;
    for (let index = start; index < end; index++) {
      const request = requests[index % requests.length];
      const found = match(request.method, paths[index]);
      if (found !== null && found !== undefined) { sink++; ${readsParams ? read : ""} }
    }
    return sink;`,
  );
}
