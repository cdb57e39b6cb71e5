import { EventChannel, type EventChannelOptions, EventStream } from "argania/sse";
import { describe, expect, test } from "vitest";
import { Backlog } from "../../src/data/sse/backlog.ts";
import { serveEvents } from "./app.ts";

const BIG = "x".repeat(100_000);

/** Publishes until `isOver`, a turn each, and tells how many events that took. */
async function publishUntil(channel: EventChannel, isOver: () => boolean): Promise<number> {
  let count = 0;
  while (!isOver()) {
    channel.publish({ id: count++, data: BIG });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return count;
}

async function open(options: EventChannelOptions) {
  const channel = new EventChannel(options);
  const site = await serveEvents((id) => new EventStream(channel.subscribe({ lastEventId: id })));
  const [slow, quick] = [await site.connect(), await site.connect()];
  await expect.poll(() => channel.size).toBe(2);
  slow.socket.pause();
  return { channel, site, slow, quick };
}

describe("a client that does not read", () => {
  test("is disconnected when too much is kept for it, and holds up nobody", async () => {
    const { channel, site, slow, quick } = await open({ maxBuffered: 1_000_000 });
    const count = await publishUntil(channel, () => channel.size === 1);
    await quick.until(new RegExp(`id:${count - 1}\\n`));
    slow.socket.resume();
    await slow.ended;
    expect(slow.received).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(site.logger.reports).toEqual([]);
  });

  test("gets what it missed when it connects again", async () => {
    const { channel, site, slow } = await open({ maxBuffered: 300_000, history: 10_000 });
    const count = await publishUntil(channel, () => channel.size === 1);
    slow.socket.resume();
    await slow.ended;
    // Of an event without its end nothing counts.
    const got = [...slow.received.matchAll(/id:(\d+)\ndata:x+\n\n/g)].map(([, id]) => Number(id));
    const last = got.at(-1) ?? -1;
    expect(got).toEqual(Array.from({ length: last + 1 }, (_, id) => id));
    const again = await site.connect(...(last < 0 ? [] : [`Last-Event-ID: ${last}`]));
    const received = await again.until(new RegExp(`id:${count - 1}\\n[^\\n]+\\n\\n`));
    expect(received).toMatch(new RegExp(`^[^:]*?(?:(?!id:)[\\s\\S])*id:${last + 1}\\n`));
  });

  test('misses the oldest events with "skip"', async () => {
    const { channel, slow, quick } = await open({ maxBuffered: 1_000_000, slowClients: "skip" });
    let count = 0;
    await publishUntil(channel, () => count++ === 300);
    await quick.until(/id:299\n/);
    expect(channel.size).toBe(2);
    slow.socket.resume();
    const received = await slow.until(/id:299\n/);
    const ids = [...received.matchAll(/id:(\d+)\n/g)].map(([, id]) => Number(id));
    expect(ids.length).toBeLessThan(300);
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
    expect(received).not.toContain("HTTP/1.1 500");
  });

  test("that reads again in time misses nothing", async () => {
    const { channel, slow } = await open({ maxBuffered: 100_000_000 });
    let count = 0;
    await publishUntil(channel, () => count++ === 100);
    slow.socket.resume();
    const received = await slow.until(/id:99\n/);
    expect(received.match(/id:\d+/g)).toHaveLength(100);
  });

  test("gets what was kept for it when the channel is closed, and then the end", async () => {
    const { channel, slow } = await open({ maxBuffered: 100_000_000 });
    let count = 0;
    await publishUntil(channel, () => count++ === 100);
    channel.close();
    slow.socket.resume();
    const received = await slow.until(/\r\n0\r\n\r\n$/);
    expect(received.match(/id:\d+/g)).toHaveLength(100);
    expect(channel.size).toBe(0);
  });
});

describe("what is kept for a client", () => {
  const chunk = (size: number, fill = 0) => new Uint8Array(size).fill(fill);

  test("counts small chunks for what they take", () => {
    const backlog = new Backlog(1_000, "disconnect");
    let count = 0;
    while (backlog.add(chunk(1))) {
      count++;
    }
    expect(count).toBeLessThan(10);
  });

  test("is one chunk at least", () => {
    const backlog = new Backlog(0, "disconnect");
    expect([backlog.isEmpty, backlog.add(chunk(10)), backlog.isEmpty, backlog.add(chunk(10))]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(backlog.take()).toEqual(chunk(10));
    expect([backlog.take(), backlog.isEmpty]).toEqual([undefined, true]);
  });

  test("comes back in order, with more than its places were cleared up after", () => {
    const backlog = new Backlog(1_000_000, "disconnect");
    const taken: number[] = [];
    for (let number = 0; number < 5_000; number++) {
      expect(backlog.add(chunk(1, number % 256))).toBe(true);
      if (number % 3 !== 0) {
        taken.push(backlog.take()?.[0] as number);
      }
    }
    while (!backlog.isEmpty) {
      taken.push(backlog.take()?.[0] as number);
    }
    expect(taken).toEqual(Array.from({ length: 5_000 }, (_, number) => number % 256));
  });
});
