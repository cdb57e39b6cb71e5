import {
  _get,
  _wildcardMethod,
  LightResponse,
  type LightResponseInit,
  type Payload,
  type RequestContext,
  Resource,
  type Service,
} from "argania";
import { describe, expect, test } from "vitest";
import { RawClient, statuses } from "./raw-client.ts";
import { MemoryLogger, serve } from "./serve.ts";

const encoder = new TextEncoder();

const respond = (body: unknown, init: LightResponseInit) => new LightResponse(body as Payload, init);

/** A site with one resource, and what it reported. */
function siteOf(handler: (context: RequestContext) => unknown): { service: Service; logger: MemoryLogger } {
  const logger = new MemoryLogger();
  const root = new Resource("/");
  root.setHandlerFor(_wildcardMethod.to(handler as () => string));
  root.subresource("/alive").setHandlerFor(_get.to(() => "alive"));
  return { service: root.intoService({ logger }), logger };
}

async function exchange(service: Service, head = "GET / HTTP/1.1"): Promise<string> {
  const { port } = await serve(service);
  return (await RawClient.connect(port)).send(`${head}\r\nHost: x\r\nConnection: close\r\n\r\n`).all();
}

interface Source {
  readonly body: () => unknown;
  readonly released: () => boolean;
  readonly taken: () => number;
}

/** The same endless body as a generator and as a web stream. */
const sources: Record<string, (size: number) => Source> = {
  generator: (size) => {
    let [taken, released] = [0, false];
    async function* body() {
      try {
        for (;;) {
          taken++;
          yield new Uint8Array(size);
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        released = true;
      }
    }
    return { body, released: () => released, taken: () => taken };
  },
  stream: (size) => {
    let [taken, released] = [0, false];
    const body = () =>
      new ReadableStream(
        {
          async pull(controller) {
            taken++;
            await new Promise((resolve) => setImmediate(resolve));
            controller.enqueue(new Uint8Array(size));
          },
          cancel() {
            released = true;
          },
        },
        { highWaterMark: 0 },
      );
    return { body, released: () => released, taken: () => taken };
  },
};

describe.each(Object.entries(sources))("a body that is a %s", (_, sourceOf) => {
  test("is not taken faster than the client reads", async () => {
    const source = sourceOf(64 * 1024);
    const { port } = await serve(siteOf(source.body).service);
    const client = await RawClient.connect(port);
    client.socket.pause();
    client.get("/");
    let before = -1;
    await expect
      .poll(
        () => {
          const isStanding = before === source.taken() && before > 0;
          before = source.taken();
          return isStanding;
        },
        { interval: 300, timeout: 15_000 },
      )
      .toBe(true);
    // What the kernel's buffers hold, and no more of an endless source.
    expect(source.taken()).toBeLessThan(1_000);
    client.socket.resume();
    const atPause = source.taken();
    await expect.poll(() => source.taken()).toBeGreaterThan(atPause + 100);
    client.close();
    await expect.poll(() => source.released()).toBe(true);
  });

  test("is released when the client goes away, while it waits for the client too", async () => {
    const source = sourceOf(1024 * 1024);
    const signals: AbortSignal[] = [];
    const { service, logger } = siteOf((context) => {
      signals.push(context.signal);
      return source.body();
    });
    const { port } = await serve(service);
    const client = (await RawClient.connect(port)).get("/");
    client.socket.pause();
    await expect.poll(() => source.taken()).toBeGreaterThan(0);
    client.close();
    await expect.poll(() => source.released()).toBe(true);
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    expect(logger.reports).toEqual([]);
  });

  test("is released when the client went away before the handler returned it", async () => {
    const source = sourceOf(10);
    let proceed = () => {};
    const { service } = siteOf(async (context) => {
      await new Promise<void>((resolve) => {
        proceed = resolve;
        context.signal.addEventListener("abort", () => resolve());
      });
      return source.body();
    });
    const { port } = await serve(service);
    const client = (await RawClient.connect(port)).get("/");
    await expect.poll(() => proceed.name).toBe("");
    client.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(source.taken()).toBe(0);
  });

  test.each(["HEAD / HTTP/1.1", "GET /204 HTTP/1.1", "GET /304 HTTP/1.1", "GET /205 HTTP/1.1"])(
    "is released and not sent for %s",
    async (head) => {
      const source = sourceOf(10);
      const root = new Resource("/").setHandlerFor(_get.to(() => source.body() as string));
      for (const status of [204, 205, 304]) {
        root.subresource(`/${status}`).setHandlerFor(_get.to(() => respond(source.body(), { status })));
      }
      const received = await exchange(root.intoService(), head);
      expect(received).toMatch(/^HTTP\/1\.1 (200|204|205|304) [^\r]*\r\n/);
      expect(received.split("\r\n\r\n").slice(1)).toEqual([""]);
      expect(source.taken()).toBe(0);
    },
  );
});

describe("a response that fails half-way never looks complete", () => {
  const failing: Record<string, () => unknown> = {
    "a generator that throws": async function* () {
      yield "begun";
      throw new Error("no more");
    },
    "a stream that errors": () =>
      new ReadableStream({
        pull(controller) {
          controller.enqueue(encoder.encode("begun"));
          controller.error(new Error("no more"));
        },
      }),
    "a chunk that is no bytes": async function* () {
      yield "begun";
      yield { not: "bytes" };
    },
    "more than the declared length": () =>
      respond(chunks("begun", "and more"), { headers: { "content-length": "7" } }),
    "less than the declared length": () => respond(chunks("begun"), { headers: { "content-length": "70" } }),
  };

  test.each(Object.entries(failing))("%s", async (_, handler) => {
    const { service, logger } = siteOf(handler);
    const { port } = await serve(service);
    const received = await (await RawClient.connect(port)).get("/").all();
    expect(received).not.toMatch(/\r\n0\r\n\r\n$/);
    const declared = /content-length: (\d+)/.exec(received)?.[1];
    expect(received.split("\r\n\r\n")[1]?.length ?? 0).not.toBe(Number(declared));
    expect(logger.reports.map(({ message }) => message)).toEqual(["A response failed half-way"]);
    await expect(fetch(`http://127.0.0.1:${port}/`).then((response) => response.text())).rejects.toThrow();
    expect(await (await fetch(`http://127.0.0.1:${port}/alive`)).text()).toBe("alive");
  });

  test("one that fails before its first chunk can still be an error response", async () => {
    const { service, logger } = siteOf(async function* () {
      yield* [] as string[];
      throw new Error("no more");
    });
    const { port } = await serve(service);
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect([response.status, await response.json()]).toMatchObject([500, { code: "ARGANIA_INTERNAL" }]);
    expect(logger.reports.map(({ message }) => message)).toEqual(["A request failed"]);
  });

  test("the source is released when a chunk of it cannot be sent", async () => {
    let isReleased = false;
    const { service } = siteOf(async function* () {
      try {
        yield 5;
      } finally {
        isReleased = true;
      }
    });
    await exchange(service);
    expect(isReleased).toBe(true);
  });
});

describe("what decides where a response ends", () => {
  test.each([
    ["a wrong length", { "content-length": "3" }],
    ["a length that is none", { "content-length": "5, 5" }],
    ["chunked, copied from elsewhere", { "transfer-encoding": "chunked" }],
  ])("text with %s gets its own length", async (_, headers) => {
    const received = await exchange(siteOf(() => respond("hello", { headers })).service);
    expect(received).toMatch(/content-length: 5\r\n/i);
    expect(received.match(/content-length|transfer-encoding/gi)).toHaveLength(1);
    expect(received).toMatch(/\r\n\r\nhello$/);
  });

  test("no body with a length has none", async () => {
    const received = await exchange(
      siteOf(() => respond(null, { headers: { "content-length": "9" } })).service,
    );
    expect(received).toMatch(/content-length: 0\r\n/);
  });

  test.each([
    [{ "content-length": "10" }, /content-length: 10\r\n[\s\S]*\r\n\r\nhellohello$/],
    [
      { "content-length": "ten" },
      /Transfer-Encoding: chunked\r\n\r\n(5\r\nhello\r\n5\r\nhello|a\r\nhellohello)\r\n0\r\n\r\n$/,
    ],
    [{ "transfer-encoding": "gzip" }, /Transfer-Encoding: chunked\r\n[\s\S]*0\r\n\r\n$/],
  ])("a stream with %j", async (headers, expected) => {
    const { service } = siteOf(() => respond(chunks("hello", "hello"), { headers }));
    expect(await exchange(service)).toMatch(expected);
  });

  test.each([
    [() => "hello", /content-length: 5\r\n[\s\S]*\r\n\r\n$/],
    [() => respond("hello", { headers: { "content-length": "3" } }), /content-length: 5\r\n[\s\S]*\r\n\r\n$/],
    [() => respond(null, { headers: { "content-length": "77" } }), /content-length: 77\r\n[\s\S]*\r\n\r\n$/],
    [
      () => respond(null, { status: 204, headers: { "content-length": "7" } }),
      /^(?![\s\S]*content-length)[\s\S]*\r\n\r\n$/,
    ],
  ])("HEAD %#", async (handler, expected) => {
    expect(await exchange(siteOf(handler).service, "HEAD / HTTP/1.1")).toMatch(expected);
  });
});

describe("whatever a handler does has an outcome", () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const fail = () => {
    throw new Error("secret");
  };
  test.each<[string, (context: RequestContext) => unknown]>([
    ["throws", fail],
    ["rejects", async () => fail()],
    ["throws a string", () => Promise.reject("secret")],
    ["returns a function", () => () => "secret"],
    ["returns a symbol", () => Symbol("secret")],
    ["returns a circular object", () => circular],
    ["returns an error", () => new Error("secret")],
    [
      "returns a response that was read",
      async () => {
        const response = new Response("secret");
        await response.text();
        return response;
      },
    ],
    [
      "returns a locked stream",
      () => {
        const stream = new ReadableStream();
        stream.getReader();
        return stream;
      },
    ],
    [
      "returns an object whose then() throws",
      () => Object.defineProperty({}, ["then"][0] as string, { get: fail }),
    ],
    ["returns an object whose toJSON() throws", () => ({ toJSON: fail })],
    ["returns an impossible status", () => 99],
  ])("a handler that %s: 500, logged, without its contents", async (_, handler) => {
    const { service, logger } = siteOf(handler);
    const { port } = await serve(service);
    const client = await RawClient.connect(port);
    const received = await client.get("/").until(/\r\n\r\n\{.*\}$/);
    expect(statuses(received)).toEqual([500]);
    expect(received).not.toContain("secret");
    expect(logger.reports).toHaveLength(1);
    expect(await client.get("/alive", "Connection: close").all()).toMatch(/alive$/);
  });

  test("a handler that answers after its client has gone away harms nobody", async () => {
    let answer = (_: unknown) => {};
    const { service, logger } = siteOf(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const { port } = await serve(service);
    for (const late of ["text", { json: true }, new Response("web"), chunks("stream"), () => "garbage"]) {
      const client = (await RawClient.connect(port)).get("/");
      await new Promise((resolve) => setTimeout(resolve, 30));
      client.close();
      await new Promise((resolve) => setTimeout(resolve, 30));
      answer(late);
    }
    expect(await (await fetch(`http://127.0.0.1:${port}/alive`)).text()).toBe("alive");
    expect(logger.reports.length).toBeLessThanOrEqual(1);
  });
});

async function* chunks(...parts: string[]): AsyncGenerator<string> {
  yield* parts;
}
