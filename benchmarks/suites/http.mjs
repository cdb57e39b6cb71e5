import { ASKED, answersOf, assertSame, requestFor } from "../lib/answers.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { httpReport } from "../lib/http-report.mjs";
import { load, tool } from "../lib/load.mjs";
import { startServer } from "../lib/server-process.mjs";
import { isWanted, onlyContenders, rounds, seconds } from "../lib/settings.mjs";
import { scenarios } from "../servers/scenarios.mjs";

const RAW = ["raw:object", "raw:array", "raw:set-header"];
const OTHERS = ["argania", "fastify", "hono", "h3", "express", "koa", "polka", "srvx"];
const PACKAGES = [
  ...["fastify", "hono", "@hono/node-server", "h3", "express", "koa", "@koa/router"],
  ...["@koa/bodyparser", "polka", "body-parser", "srvx"],
];
const WARM_UP_SECONDS = 2;
const ROUNDS_OF_A_FLEET = 2;

export function run() {
  return measureAll(scenarios, [...RAW, ...OTHERS], (measured) =>
    httpReport(measured, hostInfo(PACKAGES), tool),
  );
}

/** Measures the scenarios that are wanted, and gives the report of the last one. */
export async function measureAll(all, contenders, reportOf) {
  const measured = {};
  let report;
  for (const name of Object.keys(all).filter(isWanted)) {
    measured[name] = await measure(name, all[name], contenders);
    // After each scenario: it takes a while, and what was measured stays when a later one fails.
    report = reportOf(measured);
  }
  return report;
}

/** Each fleet has servers of its own: one that the compiler or the memory has treated badly stays so as long as it lives. */
async function measure(name, scenario, contenders) {
  const taken = {};
  for (let first = 0; first < rounds; first += ROUNDS_OF_A_FLEET) {
    const count = Math.min(ROUNDS_OF_A_FLEET, rounds - first);
    await measureFleet(name, scenario, contenders, { first, count }, taken);
    console.error(`${name}: round ${first + count} of ${rounds}`);
  }
  return taken;
}

async function measureFleet(name, scenario, contenders, { first, count }, taken) {
  const servers = [];
  try {
    const starts = (scenario.contenders ?? contenders)
      .filter((contender) => onlyContenders?.includes(contender) ?? true)
      .map((contender) => startServer(contender, name));
    for (const start of await Promise.allSettled(starts)) {
      if (start.status === "fulfilled") servers.push(start.value);
    }
    // Fails if one of them has failed, when all the others can be stopped.
    await Promise.all(starts);
    for (const server of servers) server.request = await requestFor(server.port, scenario);
    await compareAnswers(name, scenario, servers);
    for (const server of servers) await window(server, scenario, WARM_UP_SECONDS);
    for (let round = first; round < first + count; round++) {
      // Another one begins each round, so that nobody always comes after the same neighbour.
      const turn = round % servers.length;
      for (const server of [...servers.slice(turn), ...servers.slice(0, turn)]) {
        taken[server.contender] ??= [];
        taken[server.contender].push(await window(server, scenario, seconds));
      }
    }
  } finally {
    for (const server of servers) server.stop();
  }
}

/** The requests of one turn, and the CPU time that the server itself says it used for them. */
async function window(server, scenario, time) {
  const before = await server.usage();
  const {
    requests,
    seconds: took,
    p50,
    p99,
    refused,
    failed,
    late,
  } = await load(server.port, server.request, time);
  const after = await server.usage();
  const isRefusal = (scenario.status ?? 200) >= 400;
  if (failed > 0 || late > 0 || (isRefusal ? refused < requests : refused > 0) || requests === 0) {
    throw new Error(
      `${server.contender}: ${failed} of ${requests} failed, ${late} came too late, ${refused} refused`,
    );
  }
  return {
    perSecond: requests / took,
    cpuMicroseconds: (after.microseconds - before.microseconds) / requests,
    userMicroseconds: (after.user - before.user) / requests,
    p50,
    p99,
    rss: after.rss,
  };
}

/** Nothing is timed before all contenders have given the same answers, each through as many layers. */
async function compareAnswers(name, scenario, servers) {
  const { layers = 0 } = scenario;
  const answers = [];
  for (const { contender, port, request, usage } of servers) {
    try {
      answers.push([contender, await answersOf(port, request, scenario)]);
    } catch (error) {
      throw new Error(`${name}: ${contender} ${error.message}`, { cause: error });
    }
    const { passed } = await usage();
    if (typeof layers === "number" && !contender.startsWith("raw") && passed !== ASKED * layers) {
      throw new Error(`${name}: ${contender} passed ${passed} layers, not ${ASKED * layers}`);
    }
  }
  assertSame(name, answers);
}
