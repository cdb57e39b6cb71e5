// The CPU time of an echoed message without the kernel: every contender in processes of its own, over connections in memory.

import { createRequire } from "node:module";
import { join } from "node:path";
import { cpuReport } from "../lib/cpu-report.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { here, root } from "../lib/paths.mjs";
import { startTurns, takeTurns } from "../lib/process-turns.mjs";
import { isWanted, onlyContenders } from "../lib/settings.mjs";
import { buildWebSocket, CONTENDERS, SCENARIOS, SERVER_FLAGS } from "./websocket.mjs";

export async function run() {
  buildWebSocket();
  const measured = {};
  for (const [name, scenario] of Object.entries(SCENARIOS).filter(([key]) => isWanted(key))) {
    measured[name] = await measure(scenario, onlyContenders ?? CONTENDERS);
    console.error(`${name}: done`);
  }
  const host = hostInfo([]);
  host.packages.ws = createRequire(join(root, "package.json"))("ws/package.json").version;
  return cpuReport(measured, host, { name: "websocket-cpu", what: "an echoed WebSocket message" });
}

function measure({ kind, bytes, connections, window }, contenders) {
  const requests = Math.max(50, Math.round((bytes > 30_000 ? 400 : 4_000) / window));
  return takeTurns(contenders, (contender) =>
    startTurns({
      script: join(here, "websocket", "in-memory.mjs"),
      args: [contender, kind, bytes, connections, window].map(String),
      flags: SERVER_FLAGS,
      requests,
      name: contender,
    }),
  );
}
