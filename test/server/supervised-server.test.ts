import type { Worker } from "node:cluster";
import { ServeError } from "argania";
import { describe, expect, test } from "vitest";
import { SupervisedServer } from "../../src/server/supervised-server.ts";
import { FakeWorker } from "./fake-cluster.ts";

/** One whose worker has just asked where to listen, while the port is still held for it. */
async function asked() {
  const settings = { workers: 1, graceMs: 0, cleanUpMs: 0 } as never;
  const server = new SupervisedServer("call", settings, { release: async () => {}, kill: () => {} });
  await server.reserve([{ host: "127.0.0.1", port: 0 }]);
  const started = server.start(1);
  const fake = new FakeWorker(1_000);
  const worker = fake as unknown as Worker;
  server.onReport(worker, { argania: "ask", call: "call" });
  expect(fake.orders).toEqual([]);
  return { server, started, fake, worker };
}

describe("while a worker is about to be told where to listen", () => {
  test("a failure is one at once, and the worker learns of it", async () => {
    const { server, started, fake } = await asked();
    server.fail(new ServeError([], "Another worker ended."));
    await expect(started).rejects.toThrow("Another worker ended.");
    await expect.poll(() => fake.orders).toMatchObject([{ argania: "refuse" }]);
  });

  test("a drain ends at once, and the worker learns of it", async () => {
    const { server, fake } = await asked();
    server.drain();
    await server.closed;
    await expect.poll(() => fake.orders).toMatchObject([{ argania: "close" }]);
  });

  test("the end of that worker is the last of it", async () => {
    const { server, worker } = await asked();
    server.onEnd(worker);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.isHeld).toBe(false);
    server.drain();
    await server.closed;
  });
});
