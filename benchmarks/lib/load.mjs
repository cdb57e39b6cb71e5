// Load on one server, from the other core: by wrk where there is one, else by autocannon.

import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { pinned } from "./child.mjs";
import { here } from "./paths.mjs";

const run = promisify(execFile);
const CONNECTIONS = 64;
const LOAD_CORE = 1;

export const tool = spawnSync("wrk", ["-v"]).error === undefined ? "wrk" : "autocannon";

/** Sends as many requests as the server takes, and gives their number, the seconds, and latencies in ms. */
export async function load(
  port,
  { method = "GET", path = "/", host = "", modulus = 0, headers = {}, body = "" },
  time,
) {
  const [command, args] =
    tool === "wrk"
      ? pinned(LOAD_CORE, "wrk", [
          ...["-t1", `-c${CONNECTIONS}`, `-d${time}s`, "-s", join(here, "lib", "load.lua")],
          ...[`http://127.0.0.1:${port}`, "--", method, path, host, String(modulus)],
          ...[...Object.entries(headers).flat(), body],
        ])
      : pinned(LOAD_CORE, process.execPath, [
          join(here, "lib", "autocannon-load.mjs"),
          JSON.stringify({
            port,
            method,
            path,
            host,
            modulus,
            headers,
            body,
            time,
            connections: CONNECTIONS,
          }),
        ]);
  const { stdout } = await run(command, args, { timeout: (time + 20) * 1_000 });
  const line = /^RESULT (.*)$/m.exec(stdout);
  if (line === null) throw new Error(`${tool} gave no result:\n${stdout}`);
  return JSON.parse(line[1]);
}
