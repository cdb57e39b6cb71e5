import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { type RunningApp, runApp } from "../support/run-app.ts";
import { checkAlive } from "./check-answer.ts";

interface State {
  readonly rss: number;
  readonly produced: number;
  /** How many bytes wait for each client. */
  readonly buffered: readonly number[];
}

const CLIENTS = 100;

let app: RunningApp;
let port = 0;

beforeEach(async () => {
  app = await runApp(new URL("apps/events.ts", import.meta.url), {}, { execArgv: ["--expose-gc"] });
  port = Number((await app.until(/port (\d+);/))[1]);
});

afterEach(async () => {
  app.process.kill("SIGKILL");
  await app.exit;
});

const state = async () => (await (await fetch(`http://127.0.0.1:${port}/state`)).json()) as State;

async function neverReads(path: string): Promise<RawClient> {
  const client = await RawClient.connect(port);
  onTestFinished(() => client.close());
  client.socket.pause();
  return client.get(path);
}

describe("N05: 100 clients that never read", () => {
  test.each(["generator", "iterable", "stream", "callback"])("events of 1 MB from a %s", async (source) => {
    const start = await state();
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => neverReads(`/${source}`)));
    let [before, now] = [start, start];
    await expect
      .poll(
        async () => {
          [before, now] = [now, await state()];
          return now.buffered.length === CLIENTS && now.produced === before.produced;
        },
        { interval: 500, timeout: 15_000 },
      )
      .toBe(true);
    expect(Math.max(...now.buffered)).toBeLessThanOrEqual(2 ** 20);
    expect(Math.min(...now.buffered)).toBeGreaterThan(0);
    // What the kernel takes for a client that does not read, and no more.
    expect(now.produced / CLIENTS).toBeLessThan(20);
    expect(now.rss - start.rss).toBeLessThan(150_000_000);
    for (const client of clients) {
      client.close();
    }
    await expect.poll(async () => (await state()).buffered).toEqual([]);
    await checkAlive({ host: "127.0.0.1", port });
  });
});
