import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acceptedCodings } from "../../src/data/compression/content-coding.ts";
import { ask, serving, TEXT } from "../compression/serving.ts";
import { RawClient, statuses } from "../server/raw-client.ts";
import { type RunningApp, runApp } from "../support/run-app.ts";
import { checkAlive } from "./check-answer.ts";

const MEGABYTE = 1_000_000;

let app: RunningApp;
let port = 0;

beforeAll(async () => {
  app = await runApp(new URL("./apps/compression.ts", import.meta.url), {}, { execArgv: ["--expose-gc"] });
  port = Number((await app.until(/port (\d+)/))[1]);
});

afterAll(async () => {
  app.process.kill("SIGKILL");
  await app.exit;
});

interface State {
  readonly rss: number;
  readonly encoders: number;
  readonly reports: number;
}

const state = async () => (await (await fetch(`http://127.0.0.1:${port}/state`)).json()) as State;

function begin(path: string, coding: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ${coding}\r\n\r\n`);
      resolve(socket);
    });
    socket.on("error", reject);
  });
}

describe("Accept-Encoding", () => {
  test.each([
    ",,,,",
    ";q=1",
    "gzip;q=",
    "gzip;q=NaN",
    "gzip;q=-1",
    "gzip;q=1e9;q=0",
    "gzip;;;q=1;;",
    '"gzip"',
    "gzip gzip",
    "*;q=*",
    "\u00ff\u00fe",
    "__proto__, constructor;q=1, toString",
    "br;q=0.5;q=0.7, gzip;level=9",
    "gzip, ".repeat(2_000),
    `${"x".repeat(4_000)}, gzip`,
    `gzip${";q=1".repeat(1_000)}`,
    `${"a;q=0.1,".repeat(800)}gzip`,
  ])("%j gets an answer that is whole", async (header) => {
    const { status, text } = await ask(
      serving(() => TEXT),
      header,
    );
    expect([status, text === TEXT]).toEqual([200, true]);
  });

  test("of thousands of different kinds takes no memory that stays", async () => {
    const service = serving(() => TEXT);
    for (let index = 0; index < 2_000; index++) {
      acceptedCodings(`gzip;q=0.${index}`);
    }
    expect((await ask(service, "gzip")).coding).toBe("gzip");
    // The same answer again after others: what is remembered is not mixed up.
    expect([acceptedCodings("gzip")[0], acceptedCodings("br")[0], acceptedCodings("gzip")[0]]).toEqual([
      "gzip",
      "br",
      "gzip",
    ]);
  });

  test("over a socket, as long as a header can be, harms nobody", async () => {
    const client = await RawClient.connect(port);
    client.get("/large", `Accept-Encoding: ${"a,".repeat(7_000)}gzip`, "Connection: close");
    await client.ended;
    expect(statuses(client.received)).toEqual([200]);
    await checkAlive({ host: "127.0.0.1", port });
  });
});

test("clients that take nothing hold little, and no more than maxStreams encoders", async () => {
  const warm = await begin("/endless", "br");
  await new Promise((resolve) => warm.once("data", resolve));
  warm.destroy();
  const before = await state();
  const sockets = await Promise.all(Array.from({ length: 150 }, () => begin("/endless", "br")));
  for (const socket of sockets) {
    socket.pause();
  }
  await expect.poll(async () => (await state()).encoders, { timeout: 15_000 }).toBe(64);
  // Each one has what its two socket buffers take; a source that nobody stopped would give gigabytes by now.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await state()).rss - before.rss).toBeLessThan(300 * MEGABYTE);
  for (const socket of sockets) {
    socket.destroy();
  }
  await expect.poll(async () => (await state()).encoders, { timeout: 15_000 }).toBe(0);
  await checkAlive({ host: "127.0.0.1", port });
}, 60_000);

test("clients that leave at any point harm nobody", async () => {
  for (let turn = 0; turn < 60; turn++) {
    const socket = await begin(turn % 2 === 0 ? "/endless" : "/large", turn % 3 === 0 ? "br" : "gzip");
    socket.on("error", () => {});
    if (turn % 4 !== 0) {
      await new Promise((resolve) => socket.once("data", resolve));
    }
    socket.resetAndDestroy();
  }
  await expect.poll(async () => (await state()).encoders, { timeout: 15_000 }).toBe(0);
  expect((await state()).reports).toBe(0);
  await checkAlive({ host: "127.0.0.1", port });
  expect(app.output()).not.toMatch(/unhandled|warning/i);
});
