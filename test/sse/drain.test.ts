import { Server } from "argania";
import { EventChannel, EventStream, type EventStreamSource } from "argania/sse";
import { describe, expect, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { runApp } from "../support/run-app.ts";
import { connectHttp2, serveEvents } from "./app.ts";

const channel = new EventChannel();

/** Sources that go on for ever, and how often they were released. */
const endless: Record<string, () => { source: () => EventStreamSource; released: () => number }> = {
  generator: () => {
    let released = 0;
    const source = () =>
      async function* ({ signal }: { signal: AbortSignal }) {
        try {
          yield { data: "x" };
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        } finally {
          released++;
        }
      };
    return { source, released: () => released };
  },
  callback: () => {
    let released = 0;
    const source = (): EventStreamSource => {
      return ({ send }) => {
        send({ data: "x" });
        return () => released++;
      };
    };
    return { source, released: () => released };
  },
  channel: () => ({
    source: () => channel.subscribe({ first: { data: "x" } }),
    released: () => (channel.size === 0 ? 1 : 0),
  }),
};

describe.each(Object.entries(endless))("a drain ends the stream of a %s", (_, make) => {
  test("properly, and at once", async () => {
    const { source, released } = make();
    const site = await serveEvents(() => new EventStream(source(), { retry: 10 }));
    const client = await site.connect();
    await client.until(/data:x/);
    await site.close();
    expect(await client.all()).toMatch(/retry:10\n\n[\s\S]*data:x\n\n\r\n0\r\n\r\n$/);
    expect([released(), site.logger.reports]).toEqual([1, []]);
  });

  test("on HTTP/2", async () => {
    const { source, released } = make();
    const site = await serveEvents(() => new EventStream(source()), new Server().withHttp2());
    const { stream, received } = connectHttp2(site.port);
    await expect.poll(received).toBe("data:x\n\n");
    await site.close();
    await expect.poll(() => stream.closed).toBe(true);
    expect([stream.rstCode, stream.readableEnded, released()]).toEqual([0, true, 1]);
  });

  test("also one whose request comes after it has begun: its client is to come again, elsewhere", async () => {
    const { source } = make();
    const site = await serveEvents(() => new EventStream(source()));
    const client = await RawClient.connect(site.port);
    const closed = site.close();
    const received = await client.get("/").all();
    expect(received).toMatch(/^HTTP\/1\.1 200 [\s\S]*text\/event-stream[\s\S]*\r\n\r\n0\r\n\r\n$/);
    await closed;
  });
});

test("a client that reads slowly gets what was sent to it, and the end", async () => {
  const site = await serveEvents(
    () =>
      new EventStream(async function* () {
        for (;;) {
          yield { data: "x".repeat(100_000) };
        }
      }),
  );
  const client = await site.connect();
  client.socket.pause();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = site.close();
  client.socket.resume();
  expect(await client.all()).toMatch(/\r\n0\r\n\r\n$/);
  await closed;
});

describe("S03: SIGTERM with streams that are held", () => {
  const app = new URL("./drained-app.ts", import.meta.url);

  test.each([
    ["in one process", 0],
    ["in workers", 2],
  ])("%s: all end properly, generators get return(), and the process ends", async (_, workers) => {
    const running = await runApp(app, { WORKERS: String(workers) });
    const [, port] = await running.until(/port (\d+)/);
    const clients = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const client = await RawClient.connect(Number(port));
        return client.get(index % 3 === 0 ? "/generator" : index % 3 === 1 ? "/callback" : "/channel");
      }),
    );
    await Promise.all(clients.map((client) => client.until(/data:x\n\n/)));
    running.process.kill("SIGTERM");
    const received = await Promise.all(clients.map((client) => client.all()));
    expect(received.filter((text) => !/data:x\n\n\r\n0\r\n\r\n$/.test(text))).toEqual([]);
    expect(await running.exit).toEqual({ code: 0, signal: null });
    const released = [...running.output().matchAll(/released (\d+)/g)];
    expect(released.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(200);
  });
});
