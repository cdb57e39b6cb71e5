import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RawClient } from "../server/raw-client.ts";
import { type RunningApp, runApp } from "../support/run-app.ts";
import { frame, framesIn, openRaw, PING, PONG, TEXT } from "../websocket/sockets.ts";
import { checkAlive } from "./check-answer.ts";

interface State {
  readonly rss: number;
  /** How many bytes wait to be sent to each client, and how many have come from it. */
  readonly waiting: readonly number[];
  readonly read: readonly number[];
}

const PINGS = 100_000;

let app: RunningApp;
let port = 0;

beforeEach(async () => {
  const execArgv = ["--expose-gc"];
  app = await runApp(new URL("apps/pings.ts", import.meta.url), {}, { execArgv, format: "cjs" });
  port = Number((await app.until(/port (\d+);/))[1]);
});

afterEach(async () => {
  app.process.kill("SIGKILL");
  await app.exit;
});

const state = async () => (await (await fetch(`http://127.0.0.1:${port}/state`)).json()) as State;

/** Pings with their numbers, as fast as the server takes them. Fulfilled when it has read them all. */
async function flood(client: RawClient): Promise<void> {
  const before = (await state()).read[0] as number;
  let sent = 0;
  for (let first = 0; first < PINGS; first += 1_000) {
    const pings = Array.from({ length: 1_000 }, (_, index) => frame(PING, `${first + index}`.padEnd(100)));
    const bytes = pings.join("");
    client.send(bytes);
    sent += bytes.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(async () => (await state()).read[0], { timeout: 40_000 }).toBe(before + sent);
}

describe("O22: 100,000 pings of a client that does not read", { timeout: 60_000 }, () => {
  test("take next to no memory, and only the latest are answered", async () => {
    const client = await openRaw(port);
    client.socket.pause();
    const start = await state();
    await flood(client);
    const now = await state();
    expect(now.rss - start.rss).toBeLessThan(20_000_000);
    client.send(frame(TEXT, "after the flood"));
    client.socket.resume();
    await client.until(/after the flood$/);
    const pongs = framesIn(client.received).filter(({ opcode }) => opcode === PONG);
    const numbers = pongs.map(({ payload }) => Number(payload.toString()));
    expect(numbers.at(-1)).toBe(PINGS - 1);
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
    // A read of the socket has hundreds of pings, and at most two of them are answered.
    expect(numbers.length).toBeLessThan(PINGS / 10);
    client.close();
    await checkAlive({ host: "127.0.0.1", port });
  });

  test("leave one pong behind what waits already", async () => {
    const client = await openRaw(port, {}, "", "/full");
    client.socket.pause();
    let [before, now] = [await state(), await state()];
    await expect
      .poll(
        async () => {
          [before, now] = [now, await state()];
          return (now.waiting[0] as number) > 0 && now.waiting[0] === before.waiting[0];
        },
        { interval: 300, timeout: 40_000 },
      )
      .toBe(true);
    await flood(client);
    const flooded = await state();
    const added = (flooded.waiting[0] as number) - (now.waiting[0] as number);
    expect(added).toBe(2 + 100);
    expect(flooded.rss - now.rss).toBeLessThan(20_000_000);
    client.close();
    await checkAlive({ host: "127.0.0.1", port });
  });
});
