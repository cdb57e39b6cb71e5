import { mkdtempSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boundFor, isBig, MiB } from "../support/memory-bounds.ts";
import { type RunningApp, runApp } from "../support/run-app.ts";
import { CONTENT_TYPE, formOf } from "./form-of.ts";

const SIZE = isBig ? 1_024 * MiB : 128 * MiB;

let app: RunningApp;
let port: number;
let folder: string;
let file: string;
/** Of all uploads: what one has taken, the next one has already. */
let base: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "argania-memory-"));
  file = join(folder, "file");
  // @fastify/busboy is CommonJS, which esbuild does not put into a module.
  app = await runApp(
    new URL("memory-app.ts", import.meta.url),
    { SAVE_TO: file },
    { format: "cjs", execArgv: ["--expose-gc"] },
  );
  port = Number((await app.until(/listening on (\d+)/))[1]);
  // What a first request makes stays.
  await upload("/stream", 16 * MiB);
  await upload("/save", 16 * MiB);
  base = (await memory()).now;
}, 60_000);

afterAll(async () => {
  app.process.kill("SIGKILL");
  await app.exit;
  rmSync(folder, { recursive: true, force: true });
});

/** Sends a file that is made while it is sent; gives the answer. */
function upload(path: string, size: number): Promise<unknown> {
  const [start = "", end = ""] = formOf({ name: "f", fileName: "f", body: "|" })
    .toString("latin1")
    .split("|");
  return new Promise((resolve, reject) => {
    const headers = { "content-type": CONTENT_TYPE, "content-length": start.length + size + end.length };
    const sending = request({ port, host: "127.0.0.1", path, method: "POST", headers }, async (response) => {
      let text = "";
      for await (const chunk of response) {
        text += chunk;
      }
      resolve(JSON.parse(text));
    });
    sending.on("error", reject);
    sending.write(start);
    const piece = Buffer.alloc(256 * 1024, "0123456789\r\n--");
    let sent = 0;
    const feed = () => {
      while (sent < size) {
        const bytes = piece.subarray(0, Math.min(piece.length, size - sent));
        sent += bytes.length;
        if (!sending.write(bytes)) {
          sending.once("drain", feed);
          return;
        }
      }
      sending.end(end);
    };
    feed();
  });
}

async function memory(): Promise<{ largest: number; now: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/`);
  return (await response.json()) as { largest: number; now: number };
}

describe("a server that takes a large file", { timeout: 300_000 }, () => {
  test.each([
    ["as a stream", "/stream", SIZE],
    ["into a file", "/save", SIZE],
    ["to skip it", "/skip", ["f"]],
  ])("%s stays small", async (title, path, expected) => {
    const startedAt = performance.now();
    expect(await upload(path, SIZE)).toEqual(expected);
    const seconds = (performance.now() - startedAt) / 1_000;
    const { largest } = await memory();
    if (isBig) {
      console.info(
        `${title}: +${Math.round((largest - base) / MiB)} MiB, ${Math.round(SIZE / MiB / seconds)} MiB/s`,
      );
    }
    expect(largest - base).toBeLessThan(boundFor(SIZE));
    if (path === "/save") {
      expect(statSync(file).size).toBe(SIZE);
      rmSync(file);
    }
  });
});
