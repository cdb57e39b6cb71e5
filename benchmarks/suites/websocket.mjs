import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bundleOf } from "../lib/build-argania.mjs";
import { pinned } from "../lib/child.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { build, here, root } from "../lib/paths.mjs";
import { isWanted, onlyContenders, rounds, seconds } from "../lib/settings.mjs";
import { websocketReport } from "../websocket/report.mjs";

const SERVER_CORE = 0;
const LOAD_CORE = 1;
const WARM_UP_SECONDS = 1;
/** Every server has done for it what Argania does for itself (decision 31), and can collect its garbage once. */
export const SERVER_FLAGS = ["--expose-gc", "--import", join(here, "lib", "keep-ticks.mjs")];
export const CONTENDERS = ["argania", "argania-callback", "ws", "ws-decoded", "ws-loop"];

/** `window` is how many messages each connection has under way. */
export const SCENARIOS = Object.fromEntries(
  [
    ...[16, 1_024, 65_536].flatMap((bytes) =>
      [1, 100].map((connections) => ({ bytes, connections, window: 1, kind: "binary" })),
    ),
    ...[16, 1_024, 65_536].map((bytes) => ({ bytes, connections: 100, window: 1, kind: "text" })),
    { bytes: 16, connections: 1, window: 64, kind: "text" },
  ].map((scenario) => {
    const { bytes, connections, window, kind } = scenario;
    return [`${kind}-${bytes}-by-${connections}${window === 1 ? "" : `-window-${window}`}`, scenario];
  }),
);

export function buildWebSocket() {
  bundleOf(
    'export * from "./src/index.ts"; export { webSocketUpgrade } from "./src/data/websocket/index.ts";',
    join(build, "websocket.mjs"),
    { external: ["ws"] },
  );
}

export async function run() {
  buildWebSocket();
  const { version } = createRequire(join(root, "package.json"))("ws/package.json");
  const host = hostInfo([]);
  host.packages.ws = version;
  const measured = {};
  let report;
  for (const [name, scenario] of Object.entries(SCENARIOS).filter(([key]) => isWanted(key))) {
    measured[name] = await measure(name, scenario);
    report = websocketReport(measured, host);
  }
  return report;
}

/** New processes for each round, and another contender begins each. */
async function measure(name, scenario) {
  const taken = {};
  const contenders = onlyContenders ?? CONTENDERS;
  for (let round = 0; round < rounds; round++) {
    const turn = round % contenders.length;
    for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
      taken[contender] ??= [];
      taken[contender].push(await measureOnce(contender, scenario));
    }
    console.error(`${name}: round ${round + 1} of ${rounds}`);
  }
  return taken;
}

async function measureOnce(contender, scenario) {
  const server = start("websocket/serve.mjs", SERVER_CORE, [contender], SERVER_FLAGS);
  const load = start("websocket/load.mjs", LOAD_CORE, []);
  try {
    const { port } = await server.ask();
    await load.ask({ port, scenario, seconds: WARM_UP_SECONDS });
    const before = await server.ask("usage");
    const { messages, seconds: took } = await load.ask({ port, scenario, seconds });
    const after = await server.ask("usage");
    if (messages === 0) throw new Error(`${contender} echoed nothing.`);
    return {
      perSecond: messages / took,
      cpuMicroseconds: (after.microseconds - before.microseconds) / messages,
      userMicroseconds: (after.user - before.user) / messages,
      rss: after.rss,
    };
  } finally {
    server.stop();
    load.stop();
  }
}

function start(script, core, args, flags = []) {
  const [execPath, execArgv] = pinned(core, process.execPath, flags);
  const child = fork(join(here, script), args, {
    execPath,
    execArgv,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ask = (question) =>
    new Promise((resolve, reject) => {
      const onExit = () => reject(new Error(`${script} ${args.join(" ")} ended.`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message);
      });
      if (question !== undefined) child.send(question);
    });
  return { ask, stop: () => child.kill("SIGKILL") };
}
