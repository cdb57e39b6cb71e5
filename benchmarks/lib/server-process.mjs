import { fork } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { pinned } from "./child.mjs";
import { here } from "./paths.mjs";

const SERVER_CORE = 0;
const START_TIMEOUT = 30_000;

/** A contender that serves a scenario in a process of its own, on one core. */
export async function startServer(contender, scenario) {
  const [execPath, execArgv] = pinned(SERVER_CORE, process.execPath, []);
  const child = fork(join(here, "servers", "main.mjs"), [contender, scenario], {
    execPath,
    execArgv,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ask = (question) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${contender} is silent`)), START_TIMEOUT);
      const onExit = () => reject(new Error(`${contender} ended while serving ${scenario}`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        clearTimeout(late);
        child.off("exit", onExit);
        resolve(message);
      });
      if (question !== undefined) child.send(question);
    });
  const { port } = await ask();
  return { contender, port, usage: () => ask("usage"), stop: () => child.kill("SIGKILL") };
}

const decoders = { gzip: gunzipSync, br: brotliDecompressSync };
const decoded = (bytes, coding) => decoders[coding]?.(bytes) ?? bytes;

/** One request, with `{n}` filled in; everything about the answer that contenders are compared by. */
export function askOnce(port, { method = "GET", path = "/", host, headers = {}, body }, number) {
  const fill = (text) => text.replaceAll("{n}", String(number));
  const sent = {
    ...headers,
    ...(host === undefined ? {} : { host: fill(host) }),
    ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const out = request({ host: "127.0.0.1", port, method, path: fill(path), headers: sent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.once("error", reject);
      answer.once("end", () =>
        resolve({
          status: answer.statusCode,
          type: answer.headers["content-type"]?.split(";")[0],
          etag: answer.headers.etag,
          encoding: answer.headers["content-encoding"],
          cookies: answer.headers["set-cookie"],
          headers: answer.headers,
          location: answer.headers.location,
          allow: answer.headers.allow?.split(/, */).sort().join(", "),
          body: decoded(Buffer.concat(parts), answer.headers["content-encoding"]).toString(),
        }),
      );
    });
    out.once("error", reject);
    out.end(body);
  });
}
