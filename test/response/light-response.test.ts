import { LightResponse, type Payload, Resource } from "argania";
import { describe, expect, it } from "vitest";
import { toWebResponse } from "../../src/response/to-web-response.ts";

const encoder = new TextEncoder();

function streamOf(...chunks: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(encoder.encode(chunk));
      }
      controller.close();
    },
  });
}

async function* generate(...chunks: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* chunks;
}

/** Each kind of payload with the same contents, made afresh for each use. */
const KINDS: readonly (readonly [string, () => Exclude<Payload, null>])[] = [
  ["text", () => '{"a":"ü"}'],
  ["bytes", () => encoder.encode('{"a":"ü"}')],
  ["a stream", () => streamOf('{"a":', '"ü"}')],
  ["an async iterable", () => generate('{"a":', encoder.encode('"ü"}'))],
];
const CONTENT = '{"a":"ü"}';

describe.each(KINDS)("a response of %s", (_, payload) => {
  const make = () => new LightResponse(payload(), { headers: { "content-type": "application/json" } });

  it("is read as the platform's would be", async () => {
    expect(await make().text()).toBe(CONTENT);
    expect(await make().json()).toEqual({ a: "ü" });
    expect(await make().bytes()).toEqual(encoder.encode(CONTENT));
    expect(await make().arrayBuffer()).toEqual(encoder.encode(CONTENT).buffer);
    const blob = await make().blob();
    expect([blob.type, await blob.text()]).toEqual(["application/json", CONTENT]);
  });

  it("has a body that can be read by hand", async () => {
    const response = make();
    expect(response.body).toBe(response.body);
    expect(await new Response(response.body).text()).toBe(CONTENT);
    expect(response.bodyUsed).toBe(true);
  });

  it("can still be read after somebody only looked at its body", async () => {
    const response = make();
    expect(response.body).toBeInstanceOf(ReadableStream);
    expect(response.bodyUsed).toBe(false);
    expect(await response.text()).toBe(CONTENT);
  });

  it.each(["text", "json", "bytes", "arrayBuffer", "blob", "formData"] as const)(
    "rejects a second read through %s(), and does not throw",
    async (method) => {
      const response = make();
      expect(response.bodyUsed).toBe(false);
      await response.text();
      expect(response.bodyUsed).toBe(true);
      const second = response[method]();
      expect(second).toBeInstanceOf(Promise);
      await expect(second).rejects.toThrow(TypeError);
    },
  );

  it("is cloned into two that are read apart", async () => {
    const response = make();
    const copy = response.clone();
    copy.headers.set("x-copy", "1");
    expect(response.headers.has("x-copy")).toBe(false);
    expect(await copy.text()).toBe(CONTENT);
    expect(response.bodyUsed).toBe(false);
    expect(await response.text()).toBe(CONTENT);
  });

  it("cannot be cloned or taken once it has been read", async () => {
    const response = make();
    await response.text();
    expect(() => response.clone()).toThrow(TypeError);
    expect(() => response.takePayload()).toThrow(TypeError);
  });

  it("hands its payload over once", () => {
    const response = make();
    expect(response.takePayload()).not.toBeNull();
    expect(response.bodyUsed).toBe(true);
    expect(() => response.takePayload()).toThrow(/read a clone/);
  });

  it("becomes the platform's response", async () => {
    const web = toWebResponse(make());
    expect(web).not.toBeInstanceOf(LightResponse);
    expect([await web.text(), web.headers.get("content-type")]).toEqual([CONTENT, "application/json"]);
  });
});

describe("an empty response", () => {
  it("reads like the platform's, as often as one likes", async () => {
    for (const response of [new LightResponse(), new Response(null)]) {
      expect(response.body).toBeNull();
      expect([await response.text(), await response.text()]).toEqual(["", ""]);
      expect((await response.arrayBuffer()).byteLength).toBe(0);
      await expect(response.json()).rejects.toThrow(SyntaxError);
      expect(response.bodyUsed).toBe(false);
    }
  });
});

describe("the members of the web interface", () => {
  const inits = [
    {},
    { status: 404, statusText: "Gone Fishing" },
    { status: 299 },
    { status: 300 },
    { status: 599 },
  ];

  it.each(inits)("are the platform's for %j", (init) => {
    // Only a service links LightResponse to the platform's class, which is slow to load.
    new Resource("/").intoService();
    const light: Response = new LightResponse(null, init);
    const web = new Response(null, init);
    for (const member of [
      "status",
      "statusText",
      "ok",
      "redirected",
      "type",
      "url",
      "bodyUsed",
      "body",
    ] as const) {
      expect(light[member], member).toBe(web[member]);
    }
    expect(String(light)).toBe(String(web));
    expect(light).toBeInstanceOf(Response);
  });

  it.each([0, 100, 101, 199, 600, 999, -1, 200.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "take no status %d",
    (status) => {
      expect(() => new LightResponse(null, { status })).toThrow(RangeError);
      expect(() => LightResponse.of("x", "text/plain", status)).toThrow(RangeError);
    },
  );

  it("let layers change status and headers", async () => {
    const response = new LightResponse("x", { headers: [["set-cookie", "a=1"]] });
    response.status = 201;
    response.headers.append("Set-Cookie", "b=2");
    const web = toWebResponse(response);
    expect([web.status, web.headers.getSetCookie()]).toEqual([201, ["a=1", "b=2"]]);
  });

  it("read a form", async () => {
    const response = new LightResponse("a=1&b=%C3%BC", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect([...(await response.formData())]).toEqual([
      ["a", "1"],
      ["b", "ü"],
    ]);
  });

  it("make no headers that nobody asks for", () => {
    const response = new LightResponse("x");
    expect(response.headerList).toBeNull();
    response.headers.set("X-A", "1");
    expect(response.headerList).toEqual(["x-a", "1"]);
  });
});

describe("streams of what is neither text nor bytes", () => {
  it.each([
    [null, "null"],
    [1, "number"],
    [{}, "Object"],
    [Object.create(null), "an object"],
    [[1], "Array"],
  ])("fail with a TypeError: %j", async (chunk, name) => {
    async function* bad() {
      yield "ok";
      yield chunk as string;
    }
    await expect(new LightResponse(bad()).text()).rejects.toThrow(new RegExp(`not ${name}`));
  });

  it("are not pulled before they are read, and are returned when the reader goes", async () => {
    const events: string[] = [];
    async function* watched() {
      events.push("pulled");
      try {
        yield "a";
        yield "b";
      } finally {
        events.push("returned");
      }
    }
    const { body } = new LightResponse(watched());
    await Promise.resolve();
    expect(events).toEqual([]);
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    expect(events).toEqual(["pulled", "returned"]);
  });

  it("need no return() of their iterator", async () => {
    const endless: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: "x" }) }),
    };
    await expect(new LightResponse(endless).body?.cancel()).resolves.toBeUndefined();
  });
});

describe("toWebResponse", () => {
  it("says the length of what is whole, in bytes", () => {
    expect(toWebResponse(new LightResponse("ü")).headers.get("content-length")).toBe("2");
    expect(toWebResponse(new LightResponse(new Uint8Array(3))).headers.get("content-length")).toBe("3");
    expect(toWebResponse(new LightResponse(streamOf("x"))).headers.has("content-length")).toBe(false);
    const own = new LightResponse("ü", { headers: { "content-length": "2" } });
    expect(toWebResponse(own).headers.get("content-length")).toBe("2");
  });

  it("keeps headers that are repeated, or named like what objects have", () => {
    const response = new LightResponse("x");
    response.headers.append("set-cookie", "a=1");
    response.headers.append("set-cookie", "b=2");
    response.headers.append("__proto__", "p");
    response.headers.append("constructor", "c");
    const { headers } = toWebResponse(response);
    expect([headers.getSetCookie(), headers.get("__proto__"), headers.get("constructor")]).toEqual([
      ["a=1", "b=2"],
      "p",
      "c",
    ]);
    const single = new LightResponse("x", { headers: { constructor: "c" }, status: 201, statusText: "Made" });
    const web = toWebResponse(single);
    expect([web.status, web.statusText, web.headers.get("constructor")]).toEqual([201, "Made", "c"]);
  });

  it("answers HEAD with the headers of GET and lets go of the stream", async () => {
    let isCancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      cancel() {
        isCancelled = true;
      },
    });
    const web = toWebResponse(new LightResponse(stream), true);
    expect([web.body, isCancelled]).toEqual([null, true]);
    const head = toWebResponse(new LightResponse("ü"), true);
    expect([head.body, head.headers.get("content-length")]).toEqual([null, "2"]);
  });

  it.each([204, 205, 304])("sends no body with %d", (status) => {
    const web = toWebResponse(new LightResponse("text", { status }));
    expect([web.status, web.body, web.headers.has("content-length")]).toEqual([status, null, false]);
  });

  it("survives a stream that cannot be cancelled", async () => {
    const stubborn = new ReadableStream<Uint8Array>({
      cancel() {
        throw new Error("no");
      },
    });
    expect(toWebResponse(new LightResponse(stubborn), true).body).toBeNull();
    await new Promise((resolve) => setImmediate(resolve));
  });
});
