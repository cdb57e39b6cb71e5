import { isDeepStrictEqual } from "node:util";
import { Server } from "argania";
import { EventChannel, EventStream, type EventStreamOptions } from "argania/sse";
import { EventSource } from "eventsource";
import { fetch as undiciFetch } from "undici";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { connectHttp2, serveEvents } from "./app.ts";
import { build, CASES } from "./argan-events.ts";

const COMMENT = ":\n\n";

afterEach(() => {
  vi.useRealTimers();
});

describe("argan's events, as clients get them", () => {
  const written = CASES.filter(({ expectBytes }) => expectBytes !== undefined);

  test("are all there", () => {
    expect(written.map(({ id }) => id)).toEqual(expect.arrayContaining(["sse-214", "sse-215"]));
  });

  test.each(written.map((one) => [one.id, one] as const))("%s", async (_, { event, expectBytes }) => {
    const site = await serveEvents(() => new EventStream([build(event)], { keepAlive: null }));
    const response = await undiciFetch(site.url);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).toBe(expectBytes);
  });
});

/** Waits as `expect.poll` does, which would drive the faked timers on. */
async function become(value: () => unknown, expected: unknown): Promise<void> {
  for (let turn = 0; turn < 500 && !isDeepStrictEqual(value(), expected); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(value()).toEqual(expected);
}

/** A stream whose events the test sends, and what two clients have got of it. */
async function listen(options: EventStreamOptions) {
  // Sockets are real; only what keeps streams alive is driven by the test.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const channel = new EventChannel();
  const site = await serveEvents(
    () => new EventStream(channel.subscribe({ first: { data: "first" } }), options),
    new Server().withHttp2(),
  );
  let text = "";
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const { body } = await undiciFetch(site.url, { signal: abort.signal });
  (async () => {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
    }
  })().catch(() => {});
  const http2 = connectHttp2(site.port);
  const received = async (expected: string) => {
    await become(() => text, expected);
    await become(http2.received, expected);
  };
  await received("data:first\n\n");
  return { channel, received, url: site.url };
}

describe("comments keep a connection alive", () => {
  test("after 15 seconds without an event, and again", async () => {
    const { received } = await listen({});
    vi.advanceTimersByTime(16_000);
    await received(`data:first\n\n${COMMENT}`);
    vi.advanceTimersByTime(16_000);
    await received(`data:first\n\n${COMMENT}${COMMENT}`);
  });

  test.each([
    ["by default", {}, 15_000],
    ["as it was told", { keepAlive: 800 }, 800],
  ])("not earlier, and counted anew from each event: %s", async (_, options, interval) => {
    const { channel, received } = await listen(options);
    let expected = "data:first\n\n";
    // A comment in between would be in front of the next event.
    for (let event = 0; event < 5; event++) {
      vi.advanceTimersByTime(interval - 1);
      channel.publish({ data: event });
      expected += `data:${event}\n\n`;
      await received(expected);
    }
    vi.advanceTimersByTime((interval * 17) / 16);
    await received(`${expected}${COMMENT}`);
  });

  test("never with null", async () => {
    const { channel, received } = await listen({ keepAlive: null });
    vi.advanceTimersByTime(600_000);
    channel.publish({ data: "second" });
    await received("data:first\n\ndata:second\n\n");
  });

  test("sse-230, by the clock: never early", async () => {
    const channel = new EventChannel();
    const site = await serveEvents(() => new EventStream(channel.subscribe(), { keepAlive: 100 }));
    const start = performance.now();
    const client = await site.connect();
    const body = () => client.received.slice(client.received.indexOf("\r\n\r\n") + 4);
    await client.until(/:\n\n/);
    expect(performance.now() - start).toBeGreaterThanOrEqual(100);
    expect(body()).not.toContain("data");
    // In the midst of two comments, if the machine is not busy.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sentAt = performance.now();
    channel.publish({ event: "test", id: "42", data: "data 1\ndata 2" });
    await client.until(/event:test\nid:42\ndata:data 1\ndata:data 2\n\n[\s\S]*:\n\n/);
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(100);
  });

  test("and an EventSource is told nothing of them", async () => {
    const { channel, received, url } = await listen({ keepAlive: 1_000 });
    const source = new EventSource(url);
    onTestFinished(() => source.close());
    const seen: unknown[] = [];
    source.onmessage = ({ data }) => seen.push(data);
    await become(() => seen, ["first"]);
    vi.advanceTimersByTime(1_100);
    channel.publish({ data: "second" });
    await received(`data:first\n\n${COMMENT}data:second\n\n`);
    await become(() => seen, ["first", "second"]);
  });
});
