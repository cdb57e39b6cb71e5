import { Server } from "argania";
import { EventChannel, EventStream, type EventStreamSource } from "argania/sse";
import { describe, expect, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { connectHttp2, serveEvents } from "./app.ts";

const fail = (): never => {
  throw new Error("secret");
};

describe("a source that fails at once is a 500", () => {
  const failing: Record<string, () => EventStreamSource> = {
    "a generator that throws": () =>
      (async function* () {
        yield* [];
        fail();
      })(),
    "a generator with something else than events": () =>
      (async function* () {
        yield "text" as unknown as object;
      })(),
    "an iterable whose next() throws": () => ({ [Symbol.asyncIterator]: () => ({ next: fail }) }),
    "an iterable that gives no iterator": () => ({ [Symbol.asyncIterator]: fail }),
    "a web stream that fails": () =>
      new ReadableStream({ start: (controller) => controller.error(new Error("secret")) }),
    "a callback that throws": () => fail,
    "a callback that rejects": () => async () => fail(),
    "a callback that returns a failing generator": () =>
      async function* () {
        yield* [];
        fail();
      },
  };

  test.each(Object.entries(failing))("%s", async (_, source) => {
    const site = await serveEvents(() => new EventStream(source(), { retry: 1 }));
    const received = await (await site.connect("Connection: close")).all();
    expect(received).toMatch(/^HTTP\/1\.1 500 /);
    expect(received).not.toContain("secret");
    expect(received).not.toContain("retry");
    expect(site.logger.reports.map(({ message }) => message)).toEqual(["A request failed"]);
    await expect(new EventStream(source()).intoResponse().text()).rejects.toThrow();
  });
});

describe("a source that fails later", () => {
  const failing: Record<string, () => EventStreamSource> = {
    generator: () =>
      (async function* () {
        yield { data: "x" };
        fail();
      })(),
    "event that is none": () => [{ data: "x" }, { dta: "y" }] as object[],
    callback:
      () =>
      async ({ send }) => {
        await send({ data: "x" });
        fail();
      },
    "callback that sends what is no event":
      () =>
      async ({ send }) => {
        await send({ data: "x" });
        await send({ id: "a\nb" });
      },
  };

  test.each(Object.entries(failing))("%s: broken off and logged", async (_, source) => {
    const site = await serveEvents(() => new EventStream(source()));
    const received = await (await site.connect()).all();
    expect(received).toMatch(/data:x\n\n\r\n$/);
    expect(site.logger.reports.map(({ message }) => message)).toEqual(["A response failed half-way"]);
  });

  test.each(Object.entries(failing))("%s: on HTTP/2, the stream only", async (_, source) => {
    const site = await serveEvents(() => new EventStream(source()), new Server().withHttp2());
    const { stream, session, received } = connectHttp2(site.port);
    await expect.poll(() => stream.closed).toBe(true);
    expect([stream.rstCode, received(), session.closed]).toEqual([2, "data:x\n\n", false]);
  });
});

test.each([undefined, { data: "at once" }])(
  "a head that cannot be written ends its stream: %j",
  async (first) => {
    const channel = new EventChannel();
    const site = await serveEvents(() => {
      const response = new EventStream(channel.subscribe({ first })).intoResponse();
      response.headers.list.push("x-broken", "a\r\nb");
      return response as unknown as EventStream;
    });
    const received = await (await site.connect("Connection: close")).all();
    expect(received).toMatch(/^HTTP\/1\.1 500 /);
    expect(channel.size).toBe(0);
  },
);

test("what is published when the head of a client cannot be written reaches the others", async () => {
  const channel = new EventChannel();
  let isBroken = false;
  const site = await serveEvents(() => {
    const response = new EventStream(channel.subscribe()).intoResponse();
    if (isBroken) {
      response.headers.list.push("x-broken", "a\r\nb");
      // In the turn in which it has joined, before its head goes alone.
      queueMicrotask(() => channel.publish({ data: "x" }));
    }
    return response as unknown as EventStream;
  });
  const before = await site.connect();
  await expect.poll(() => channel.size).toBe(1);
  isBroken = true;
  const broken = await RawClient.connect(site.port);
  expect(await broken.get("/", "Connection: close").all()).toMatch(/^HTTP\/1\.1 500 /);
  await before.until(/data:x\n\n/);
  expect(channel.size).toBe(1);
});
