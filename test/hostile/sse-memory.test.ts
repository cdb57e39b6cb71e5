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
  // The allocator of glibc gives memory back at once if large buffers lie by themselves.
  const env = { MALLOC_MMAP_THRESHOLD_: "131072" };
  app = await runApp(new URL("apps/events.ts", import.meta.url), env, { execArgv: ["--expose-gc"] });
  port = Number((await app.until(/port (\d+);/))[1]);
});

afterEach(async () => {
  app.process.kill("SIGKILL");
  await app.exit;
});

const state = async () => (await (await fetch(`http://127.0.0.1:${port}/state`)).json()) as State;

/** Clients that ask for events and read none, once nothing more is made for them. */
async function neverReading(count: number, path: string): Promise<{ state: State; close(): Promise<void> }> {
  const clients = await Promise.all(
    Array.from({ length: count }, async () => {
      const client = await RawClient.connect(port);
      onTestFinished(() => client.close());
      client.socket.pause();
      return client.get(path);
    }),
  );
  let [before, now] = [await state(), await state()];
  const isStanding = async () => {
    [before, now] = [now, await state()];
    return now.buffered.length === count && now.produced === before.produced;
  };
  await expect.poll(isStanding, { interval: 500, timeout: 40_000 }).toBe(true);
  return {
    state: now,
    close: async () => {
      for (const client of clients) {
        client.close();
      }
      await expect.poll(async () => (await state()).buffered).toEqual([]);
    },
  };
}

describe("N05: 100 clients that never read", { timeout: 60_000 }, () => {
  test.each(["generator", "iterable", "stream", "callback"])("events of 1 MB from a %s", async (source) => {
    // What the first requests load and compile is not what is measured.
    await (await neverReading(3, `/${source}`)).close();
    const start = await state();
    const { state: now, close } = await neverReading(CLIENTS, `/${source}`);
    expect(Math.max(...now.buffered)).toBeLessThanOrEqual(2 ** 20);
    expect(Math.min(...now.buffered)).toBeGreaterThan(0);
    // What the kernel takes for a client that does not read, and no more.
    expect((now.produced - start.produced) / CLIENTS).toBeLessThan(20);
    expect(now.rss - start.rss).toBeLessThan(150_000_000);
    await close();
    await checkAlive({ host: "127.0.0.1", port });
  });
});
