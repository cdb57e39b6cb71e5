// Load on one server, from the other core: by wrk where there is one, else by autocannon.

import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { pinned } from "./child.mjs";
import { here } from "./paths.mjs";

const run = promisify(execFile);
const CONNECTIONS = 64;
const LOAD_CORE = 1;
/** In seconds. By itself wrk takes each response that is slower than two seconds for an error. */
const SLOWEST = 20;

export const tool = spawnSync("wrk", ["-v"]).error === undefined ? "wrk" : "autocannon";

/**
 * Sends as many requests as the server takes, and gives their number, the seconds, and latencies in ms. Without a core
 * of its own, `pin: false`, it also gives the CPU time that it used itself, where there is a POSIX shell to tell.
 */
export async function load(
  port,
  { method = "GET", path = "/", host = "", modulus = 0, headers = {}, body = "", connections = CONNECTIONS },
  time,
  { pin = true } = {},
) {
  // Arguments are text without NUL, and bodies may be compressed.
  const hex = Buffer.from(body).toString("hex");
  const placed = pin ? (...command) => pinned(LOAD_CORE, ...command) : timed;
  const [command, args] =
    tool === "wrk"
      ? placed("wrk", [
          ...[
            "-t1",
            `-c${connections}`,
            `-d${time}s`,
            "--timeout",
            `${SLOWEST}s`,
            "-s",
            join(here, "lib", "load.lua"),
          ],
          ...[`http://127.0.0.1:${port}`, "--", method, path, host, String(modulus)],
          ...[...Object.entries(headers).flat(), hex],
        ])
      : placed(process.execPath, [
          join(here, "lib", "autocannon-load.mjs"),
          JSON.stringify({
            port,
            method,
            path,
            host,
            modulus,
            headers,
            hex,
            time,
            connections,
            timeout: SLOWEST,
          }),
        ]);
  const { stdout } = await run(command, args, { timeout: (time + 2 * SLOWEST) * 1_000 });
  const line = /^RESULT (.*)$/m.exec(stdout);
  if (line === null) throw new Error(`${tool} gave no result:\n${stdout}`);
  return { ...JSON.parse(line[1]), ...(pin ? {} : { cpuSeconds: cpuSecondsIn(stdout) }) };
}

/** `times` tells what the children of the shell have used, in its second line. */
function timed(command, args) {
  return process.platform === "win32"
    ? [command, args]
    : ["sh", ["-c", '"$@"; times', "sh", command, ...args]];
}

function cpuSecondsIn(stdout) {
  const [user, system] = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)]
    .slice(-2)
    .map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds));
  return user + system;
}
