import { EventStream, type EventStreamOptions, ServerEvent } from "argania/sse";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Heard {
  readonly chunk: string;
  readonly at: number;
}

/** Reads a stream to its end, and when each chunk of it came. */
function listen(stream: EventStream): Heard[] {
  const heard: Heard[] = [];
  const start = Date.now();
  const body = stream.intoResponse().body as ReadableStream<Uint8Array>;
  (async () => {
    for await (const chunk of body) {
      heard.push({ chunk: new TextDecoder().decode(chunk), at: Date.now() - start });
    }
    heard.push({ chunk: "end", at: Date.now() - start });
  })();
  return heard;
}

const nothingFor = (milliseconds: number) => async () => void (await sleep(milliseconds));

/** The times at which comments come while nothing else does. */
async function commentsWithin(milliseconds: number, options: EventStreamOptions): Promise<number[]> {
  const heard = listen(new EventStream(nothingFor(milliseconds), options));
  await vi.advanceTimersByTimeAsync(milliseconds);
  expect(heard.pop()?.chunk).toBe("end");
  expect(heard.every(({ chunk }) => chunk === ":\n\n")).toBe(true);
  return heard.map(({ at }) => at);
}

test("sse-230: after as long as nothing was sent, counted anew from each event", async () => {
  async function* events(): AsyncGenerator<ServerEvent> {
    await sleep(1_000);
    yield new ServerEvent().withName("test").withId("42").withData("data 1\ndata 2");
    await sleep(1_000);
    yield new ServerEvent()
      .withId("42")
      .withJsonData({ name: "C-3PO", message: "message" })
      .withComment("comment")
      .withRetry(1_000);
  }
  const stream = new EventStream(events(), { keepAlive: 750 });
  const heard = listen(stream);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(heard.map(({ chunk }) => chunk)).toEqual([
    ":\n\n",
    "event:test\nid:42\ndata:data 1\ndata:data 2\n\n",
    ":\n\n",
    'id:42\ndata:{"name":"C-3PO","message":"message"}\n:comment\nretry:1000\n\n',
    "end",
  ]);
  const times = heard.map(({ at }) => at);
  expect(times[0]).toBeGreaterThanOrEqual(750);
  expect(times[2]).toBeGreaterThanOrEqual(1_750);
  expect([times[1], times[3], times[4]]).toEqual([1_000, 2_000, 2_000]);
  expect(vi.getTimerCount()).toBe(0);
});

test("every 15 seconds if not told otherwise", async () => {
  const times = await commentsWithin(60_000, {});
  expect(times).toHaveLength(3);
  for (const [index, at] of times.entries()) {
    const before = times[index - 1] ?? 0;
    expect(at - before).toBeGreaterThanOrEqual(15_000);
    expect(at - before).toBeLessThanOrEqual(16_000);
  }
});

test.each([1, 2, 15, 16, 17, 100, 999])("never early and hardly late: %i ms", async (keepAlive) => {
  // Streams that begin at any time of a tick.
  for (let delay = 0; delay < 20; delay++) {
    const first = listen(new EventStream(nothingFor(keepAlive * 2), { keepAlive }));
    await vi.advanceTimersByTimeAsync(delay);
    const second = listen(new EventStream(nothingFor(keepAlive * 2), { keepAlive }));
    await vi.advanceTimersByTimeAsync(keepAlive * 2 + 40);
    for (const heard of [first, second]) {
      const at = heard[0]?.at ?? 0;
      expect(at).toBeGreaterThanOrEqual(keepAlive);
      expect(at).toBeLessThanOrEqual(keepAlive + 2 * Math.ceil(keepAlive / 16));
    }
  }
  expect(vi.getTimerCount()).toBe(0);
});

test("never with null", async () => {
  expect(await commentsWithin(600_000, { keepAlive: null })).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("one timer serves all streams of an interval, and goes with the last", async () => {
  const bodies = Array.from({ length: 100 }, (_, index) => {
    const keepAlive = index % 2 === 0 ? 1_000 : 2_000;
    return new EventStream(() => {}, { keepAlive }).intoResponse().body as ReadableStream<Uint8Array>;
  });
  const readers = bodies.map((body) => body.getReader());
  for (const reader of readers) {
    reader.read().catch(() => {});
  }
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(2);
  await Promise.all(readers.map((reader) => reader.cancel()));
  expect(vi.getTimerCount()).toBe(0);
});

test("nothing is sent to a client that does not read", async () => {
  const body = new EventStream(({ send }) => void send({ data: "x" }), { keepAlive: 100 }).intoResponse()
    .body as ReadableStream<Uint8Array>;
  const reader = body.getReader();
  const text = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await text()).toBe("data:x\n\n");
  await vi.advanceTimersByTimeAsync(10_000);
  // Had comments been kept for it, they would all be here at once.
  let comments = 0;
  const next = text().finally(() => comments++);
  await vi.advanceTimersByTimeAsync(0);
  expect(comments).toBe(0);
  await vi.advanceTimersByTimeAsync(120);
  expect([comments, await next]).toEqual([1, ":\n\n"]);
  await reader.cancel();
  expect(vi.getTimerCount()).toBe(0);
});
