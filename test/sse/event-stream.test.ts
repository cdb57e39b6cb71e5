import { EventEmitter, on } from "node:events";
import { _get, _requestReceiver, around, Resource, Server } from "argania";
import { EventStream, type EventStreamOptions, type EventStreamSource } from "argania/sse";
import { describe, expect, test } from "vitest";
import { connectHttp2, never, serveEvents } from "./app.ts";

describe("the response", () => {
  test("is a stream of events that nobody keeps or holds back", async () => {
    const site = await serveEvents(() => new EventStream([{ data: "x" }]));
    const client = await site.connect("Connection: close");
    const [head = "", body] = (await client.all()).split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toContain("content-type: text/event-stream\r\n");
    expect(head).toContain("cache-control: no-store\r\n");
    expect(head).toContain("x-accel-buffering: no\r\n");
    expect(head).not.toMatch(/content-length|content-encoding|vary/i);
    expect(body).toBe("8\r\ndata:x\n\n\r\n0");
  });

  test("takes further headers, but none that say what it is", () => {
    const stream = new EventStream([], {
      headers: new Headers([
        ["cache-control", "no-cache, no-transform"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["x-more", "1"],
      ]),
    });
    const { headers } = stream.intoResponse();
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-more": "1",
    });
    expect(headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    for (const name of ["Content-Type", "content-length", "content-encoding", "transfer-encoding"]) {
      expect(() => new EventStream([], { headers: { [name]: "1" } })).toThrow(/settled/);
    }
  });

  test("begins with the time to wait before the next connection", async () => {
    const options = { retry: 500 };
    expect(await new EventStream([{ data: "x" }], options).intoResponse().text()).toBe(
      "retry:500\n\ndata:x\n\n",
    );
    const site = await serveEvents(() => new EventStream(() => {}, options));
    await (await site.connect()).until(/retry:500\n\n/);
  });

  test("is for one client", () => {
    const stream = new EventStream([]);
    stream.intoResponse();
    expect(() => stream.intoResponse()).toThrow(TypeError);
  });

  test.each<[unknown, unknown, RegExp]>([
    ["data: x\n\n", {}, /not a string/],
    [null, {}, /not null/],
    [undefined, {}, /not undefined/],
    [{ data: "x" }, {}, /not an object/],
    [[], { keepalive: 5 }, /no option "keepalive"/],
    [[], { keepAlive: 0 }, /keepAlive is/],
    [[], { keepAlive: 2 ** 31 }, /keepAlive is/],
    [[], { keepAlive: "15s" }, /not a string/],
    [[], { retry: -1 }, /retry is/],
    [[], { maxBuffered: 0.5 }, /maxBuffered is/],
    [[], 15_000, /not a number/],
    [[], null, /not null/],
    [[], { headers: { "x-bad": "a\nb" } }, /line breaks/],
  ])("new EventStream(%j, %j) is refused", (source, options, message) => {
    expect(() => new EventStream(source as EventStreamSource, options as EventStreamOptions)).toThrow(
      message,
    );
  });
});

describe("the head is there at once, though no event is", () => {
  const silent: Record<string, () => EventStreamSource> = {
    generator: () =>
      (async function* () {
        yield (await never) as { data: string };
      })(),
    callback: () => () => {},
    "web stream": () => new ReadableStream(),
  };

  test.each(Object.entries(silent))("%s, HTTP/1.1", async (_, source) => {
    const site = await serveEvents(() => new EventStream(source()));
    expect(await (await site.connect()).until(/\r\n\r\n/)).toContain("text/event-stream");
  });

  test.each(Object.entries(silent))("%s, HTTP/2", async (_, source) => {
    const site = await serveEvents(() => new EventStream(source()), new Server().withHttp2());
    const client = connectHttp2(site.port);
    await expect.poll(() => client.status()).toBe(200);
  });

  test.each(Object.entries(silent))("%s, fetch", async (_, source) => {
    const root = new Resource("/").setHandlerFor(_get.to(() => new EventStream(source())));
    const response = await root.intoService().fetch(new Request("http://localhost/"));
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    await response.body?.cancel();
  });
});

describe("events come from", () => {
  const sources: Record<string, () => EventStreamSource> = {
    "an array": () => [{ data: 1 }, { data: 2 }],
    "an array of promises": () => [{ data: 1 }, Promise.resolve({ data: 2 })] as { data: number }[],
    "a generator": () =>
      (function* () {
        yield { data: 1 };
        yield { data: 2 };
      })(),
    "an asynchronous generator": () =>
      (async function* () {
        yield { data: 1 };
        yield { data: 2 };
      })(),
    "a web stream": () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue({ data: 1 });
          controller.enqueue({ data: 2 });
          controller.close();
        },
      }),
    "events.on": () => {
      const emitter = new EventEmitter();
      const events = on(emitter, "event", { close: ["end"] });
      emitter.emit("event", { data: 1 });
      emitter.emit("event", { data: 2 });
      emitter.emit("end");
      return events as AsyncIterable<{ data: number }[]>;
    },
  };

  test.each(Object.entries(sources))("%s", async (_, source) => {
    const site = await serveEvents(() => new EventStream(source()));
    const received = await (await site.connect("Connection: close")).all();
    expect(received.match(/data:\d\n\n/g)).toEqual(["data:1\n\n", "data:2\n\n"]);
    expect(received).toMatch(/\r\n0\r\n\r\n$/);
    expect(await new EventStream(source()).intoResponse().text()).toBe("data:1\n\ndata:2\n\n");
  });
});

test("a layer may look at the body, and put another one around it", async () => {
  const root = new Resource("/").setHandlerFor(
    _get.to(() => new EventStream([{ data: "x" }], { keepAlive: null })),
  );
  const shout = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) =>
      controller.enqueue(new TextEncoder().encode(new TextDecoder().decode(chunk).replace("x", "X!"))),
  });
  root.addLayerTo(
    _requestReceiver(
      around(async (_, next) => {
        const response = await next();
        return new Response(response.body?.pipeThrough(shout) ?? null, { headers: [...response.headers] });
      }),
    ),
  );
  const response = await root.intoService().request("/");
  expect([response.headers.get("content-type"), await response.text()]).toEqual([
    "text/event-stream",
    "data:X!\n\n",
  ]);
});
