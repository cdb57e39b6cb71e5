// Child process: measures one group of routes with all routers.

import { sendResult } from "../lib/child.mjs";
import { freshPaths } from "../lib/fresh-strings.mjs";
import { rounds } from "../lib/settings.mjs";
import { quantile } from "../lib/statistics.mjs";
import { groupOf } from "./groups.mjs";
import { contenders } from "./peers.mjs";

/** Fewer, and the first cells of a process measure its compilers: 172 ns in place of 30. */
const WARM_UP = 100_000;
/** Short turns: the machine's speed changes from one hundredth of a second to the next, and neighbours have the same. */
const TURNS_OF_A_ROUND = 15;
const MOST_PATHS = 2_000;
const BATCH = 100;
/** A router that goes through a list would take minutes otherwise. */
const BUDGET_NS = 4_000_000;
const WARM_UP_BUDGET_NS = 60_000_000;

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

/** What each router took in each round: the median of its turns. */
function timeCell(requests, readsParams) {
  const names = [...routers.keys()];
  const loops = new Map(names.map((contender) => [contender, ownLoop(readsParams)]));
  const timed = (contender, count, budget) =>
    timeOnce(loops.get(contender), routers.get(contender), freshPaths(requests, count), requests, budget);
  for (const contender of names) timed(contender, WARM_UP, WARM_UP_BUDGET_NS);
  const taken = Object.fromEntries(names.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    const turns = takeTurns(names, (contender) => timed(contender, MOST_PATHS, BUDGET_NS));
    for (const contender of names) taken[contender].push(quantile(turns.get(contender), 0.5));
  }
  return taken;
}

/** Each turn begins with another one. */
function takeTurns(names, take) {
  const turns = new Map(names.map((name) => [name, []]));
  for (let turn = 0; turn < TURNS_OF_A_ROUND; turn++) {
    const first = turn % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) turns.get(name).push(take(name));
  }
  return turns;
}

/** Nanoseconds for each request. */
function timeOnce(loop, { match, param }, paths, requests, budget) {
  let spent = 0;
  let done = 0;
  while (done < paths.length && spent < budget) {
    const end = Math.min(paths.length, done + BATCH);
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
