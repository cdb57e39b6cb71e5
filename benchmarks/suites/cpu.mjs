// The CPU time of a request without the kernel: every contender in processes of its own, over connections in memory.

import { join } from "node:path";
import { assertSame } from "../lib/answers.mjs";
import { cpuReport } from "../lib/cpu-report.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { here } from "../lib/paths.mjs";
import { startTurns, takeTurns } from "../lib/process-turns.mjs";
import { isWanted, onlyContenders } from "../lib/settings.mjs";
import { scenarios } from "../servers/scenarios.mjs";
import { makeFiles, staticScenarios } from "../servers/static-scenarios.mjs";

const SERVERS = ["raw:object", "raw:array", "argania-listener", "argania", "fastify"];
const STATIC_SERVERS = ["static-argania", "static-argania:trusted", "static-sirv", "static-fastify"];
const REQUESTS = 3_000;

export async function run() {
  makeFiles();
  const measured = {};
  for (const name of Object.keys({ ...scenarios, ...staticScenarios })) {
    // Kept out: what fills a socket's buffer.
    if (["body-100k", "static-100k", "static-10m"].includes(name) || !isWanted(name)) continue;
    measured[name] = await measure(name, onlyContenders ?? contendersOf(name));
    console.error(`${name}: done`);
  }
  return cpuReport(measured, hostInfo(["fastify", "@fastify/static", "sirv"]));
}

/** Argania in each of the ways that a scenario names: over real sockets the machine hides what they differ in. */
function contendersOf(name) {
  const { contenders = [] } = scenarios[name] ?? {};
  const ways = contenders.filter((contender) => contender.startsWith("argania:"));
  return name in staticScenarios ? STATIC_SERVERS : [...SERVERS, ...ways];
}

function measure(name, contenders) {
  return takeTurns(
    contenders,
    (contender) => startProcess(contender, name),
    (processes) =>
      assertSame(
        name,
        processes.map(({ contender, answers }) => [contender, answers]),
      ),
  );
}

/** `BENCH_KEEPS_TICKS=no` leaves to chance what decision 31 is about. */
function startProcess(contender, name) {
  const keeps =
    process.env.BENCH_KEEPS_TICKS !== "no" ? ["--import", join(here, "lib", "keep-ticks.mjs")] : [];
  return startTurns({
    script: join(here, "servers", "in-memory.mjs"),
    args: [contender, name],
    flags: keeps,
    requests: REQUESTS,
    name: `${contender} serving ${name}`,
  });
}
