import { type EventSink, EventStream, ServerEvent, ServerEventError } from "argania/sse";
import { describe, expect, test } from "vitest";
import { serveEvents } from "./app.ts";

/** A stream whose callback has begun, over a socket, and its client. */
async function open(options = {}, callback: (sink: EventSink) => unknown = () => {}) {
  let take = (_: EventSink): void => {};
  const taken = new Promise<EventSink>((resolve) => {
    take = resolve;
  });
  const site = await serveEvents(
    () =>
      new EventStream((sink) => {
        take(sink);
        return callback(sink) as undefined;
      }, options),
  );
  const client = await site.connect();
  return { client, site, sink: await taken };
}

describe("a callback", () => {
  test("sends whenever it likes, in order", async () => {
    const { client, sink } = await open();
    await sink.send({ data: 1 });
    await sink.send(new ServerEvent().withData("2"));
    sink.send([{ data: 3 }, { data: 4 }]);
    sink.send([]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    sink.send({ data: 5 });
    const received = await client.until(/data:5\n\n/);
    expect(received.match(/data:\d/g)).toEqual(["data:1", "data:2", "data:3", "data:4", "data:5"]);
  });

  test("may pass on the functions of its sink", async () => {
    const { client, sink } = await open();
    const { send, close } = sink;
    await send({ data: "x" });
    close();
    close();
    expect(await client.until(/0\r\n\r\n$/)).toContain("data:x");
  });

  test("has its stream go on after it has returned, and end with it if it is asynchronous", async () => {
    const synchronous = await open({}, () => {});
    const asynchronous = await open({}, async ({ send }: EventSink) => {
      await send({ data: "x" });
      await send({ data: "y" });
    });
    expect(await asynchronous.client.until(/0\r\n\r\n$/)).toMatch(/data:x[\s\S]*data:y/);
    await synchronous.sink.send({ data: "later" });
    await synchronous.client.until(/data:later/);
  });

  test("that is asynchronous has its stream go on if it returns what is to be done at the end", async () => {
    let cleaned = 0;
    const { client, sink } = await open({}, async () => () => cleaned++);
    await sink.send({ data: "x" });
    await client.until(/data:x/);
    expect(cleaned).toBe(0);
    client.close();
    await expect.poll(() => cleaned).toBe(1);
    expect(sink.signal.aborted).toBe(true);
  });

  test("that promises events for a client which has gone away has them released", async () => {
    let give = (_: unknown): void => {};
    let released = 0;
    const { client, sink } = await open(
      {},
      () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    );
    client.close();
    await expect.poll(() => sink.signal.aborted).toBe(true);
    const iterator = {
      [Symbol.asyncIterator]: () => iterator,
      next: () => expect.unreachable(),
      return: async () => released++,
    };
    give(iterator);
    await expect.poll(() => released).toBe(1);
  });

  test("may send and give a generator, whose events do not overtake the others", async () => {
    const big = "x".repeat(300_000);
    const { client, site } = await open({ maxBuffered: 10_000_000 }, async function* ({ send }: EventSink) {
      for (let number = 0; number < 9; number += 3) {
        send({ id: number, data: big });
        send({ id: number + 1, data: big });
        yield { id: number + 2, data: big };
      }
    });
    client.socket.pause();
    setTimeout(() => client.socket.resume(), 50);
    const received = await client.until(/0\r\n\r\n$/);
    expect(received.match(/id:\d/g)?.join(" ")).toBe("id:0 id:1 id:2 id:3 id:4 id:5 id:6 id:7 id:8");
    expect(site.logger.reports).toEqual([]);
  });
});

describe("send", () => {
  test("rejects for what is no event, and the stream goes on", async () => {
    const { client, sink } = await open();
    await expect(sink.send({ id: "a\nb" })).rejects.toThrow(ServerEventError);
    await sink.send({ data: "x" });
    await client.until(/data:x/);
  });

  test("rejects after the end, which may be ignored", async () => {
    const { client, sink } = await open();
    client.close();
    await expect.poll(() => sink.signal.aborted).toBe(true);
    sink.send({ data: "nobody waits for this" });
    await expect(sink.send({ data: "x" })).rejects.toMatchObject({ name: "AbortError" });
    expect(sink.signal.reason).toMatchObject({ name: "AbortError" });
    sink.close();
  });

  test("waits for its client, and rejects when that goes away", async () => {
    const { client, sink } = await open();
    client.socket.pause();
    const big = { data: "x".repeat(100_000) };
    let sent = 0;
    const loop = (async () => {
      for (;;) {
        await sink.send(big);
        sent++;
      }
    })();
    loop.catch(() => {});
    let before = -1;
    await expect
      .poll(
        () => {
          const isStanding = before === sent && before > 0;
          before = sent;
          return isStanding;
        },
        { interval: 300 },
      )
      .toBe(true);
    client.socket.resume();
    await expect.poll(() => sent).toBeGreaterThan(before + 10);
    client.close();
    await expect(loop).rejects.toMatchObject({ name: "AbortError" });
  });

  test("keeps what is not awaited, up to the limit, and then the client is disconnected", async () => {
    const { client, sink, site } = await open({ maxBuffered: 1_000_000 });
    client.socket.pause();
    let sent = 0;
    while (!sink.signal.aborted) {
      sink.send({ data: "x".repeat(100_000) });
      sent++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeGreaterThan(10);
    await expect(sink.send({ data: "y" })).rejects.toThrow();
    client.socket.resume();
    await client.ended;
    expect(client.received).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(site.logger.reports).toEqual([]);
  });

  test("loses nothing of what it keeps when the stream is closed", async () => {
    const { client, sink } = await open({ maxBuffered: 100_000_000 });
    client.socket.pause();
    for (let number = 0; number < 50; number++) {
      sink.send({ id: number, data: "x".repeat(200_000) });
    }
    sink.close();
    await expect(sink.send({ data: "after the end" })).rejects.toThrow();
    expect(sink.signal.aborted).toBe(false);
    client.socket.resume();
    const received = await client.until(/0\r\n\r\n$/);
    expect(received.match(/id:\d+/g)).toEqual(Array.from({ length: 50 }, (_, number) => `id:${number}`));
    expect(received).not.toContain("after the end");
    expect(sink.signal.aborted).toBe(true);
  });
});
