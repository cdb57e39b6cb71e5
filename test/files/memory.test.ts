import { truncateSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { boundFor, isBig, MiB } from "../support/memory-bounds.ts";
import { type RunningApp, runApp } from "../support/run-app.ts";
import { tempFiles } from "./temp-files.ts";

const DOWNLOAD = isBig ? 1_024 * MiB : 256 * MiB;
const READERS = isBig ? 500 : 240;

/**
 * 100 MiB for 500 readers. A part is the same for any number of them: large buffers for the first ones, 8 MiB, and what the
 * process itself needs. Buffers four times as large for each of the others are beyond it at both sizes.
 */
const READERS_BOUND = (16 + (READERS * 84) / 500) * MiB;

let app: RunningApp;
let port = 0;
let directory = "";

beforeEach(async () => {
  directory = tempFiles({ "small.txt": "hello" });
  for (const [name, size] of [
    ["download.bin", DOWNLOAD],
    ["slow.bin", 64 * MiB],
  ] as const) {
    writeFileSync(join(directory, name), "");
    truncateSync(join(directory, name), size);
  }
  app = await runApp(new URL("./apps/serve-files.ts", import.meta.url), {}, { args: [directory] });
  port = Number((await app.until(/port (\d+)/))[1]);
  // What is loaded for the first request is not what is measured.
  await download("/static/small.txt");
  await download("/stream/small.txt");
  app.tell("start");
  await app.until(/started/);
});

afterEach(async () => {
  app.process.kill("SIGKILL");
  await app.exit;
});

function download(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ port, path, agent: false }, (response) => {
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
      });
      response.on("end", () => resolve(length));
      response.on("error", reject);
    }).on("error", reject);
  });
}

async function growth(): Promise<number> {
  app.tell("memory");
  const bytes = Number((await app.until(/memory (-?\d+)/))[1]);
  if (isBig) {
    console.log(`${(bytes / MiB).toFixed(1)} MiB`);
  }
  return bytes;
}

test.each(["/static/download.bin", "/stream/download.bin"])(
  "a large download takes little memory: %s",
  async (path) => {
    expect(await download(path)).toBe(DOWNLOAD);
    expect(await growth()).toBeLessThan(boundFor(DOWNLOAD));
  },
  120_000,
);

test("many readers that hardly read take little memory", async () => {
  const sockets = await Promise.all(Array.from({ length: READERS }, slowReader));
  // Each has got what the system takes, and the server has read on until it could not write any more.
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const socket of sockets) {
    socket.resume();
    socket.once("data", () => socket.pause());
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await growth()).toBeLessThan(READERS_BOUND);
  for (const socket of sockets) {
    socket.destroy();
  }
}, 120_000);

function slowReader(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write("GET /static/slow.bin HTTP/1.1\r\nHost: a\r\n\r\n");
    });
    socket.once("data", () => {
      socket.pause();
      resolve(socket);
    });
    socket.once("error", reject);
  });
}
