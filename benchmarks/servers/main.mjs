// One contender serving one scenario, in a process of its own. The parent asks for the CPU time used, over IPC.

import { middlewareScenarios } from "./middleware-scenarios.mjs";
import { pass, scenarios } from "./scenarios.mjs";
import { staticScenarios } from "./static-scenarios.mjs";

const [contender, scenario] = process.argv.slice(2);
const [, variant] = contender.split(":");
const { start } = await import(`./${contender.split(":")[0]}.mjs`);
const port = await start(
  scenarios[scenario] ?? staticScenarios[scenario] ?? middlewareScenarios[scenario],
  variant,
  scenario,
);

process.on("message", (question) => {
  if (question === "usage") {
    const { user, system } = process.cpuUsage();
    process.send({ user, microseconds: user + system, rss: process.memoryUsage.rss(), passed: pass.count });
  }
});
process.on("disconnect", () => process.exit());
process.send({ port });
