import { gzipSync } from "node:zlib";
import { _post, _requestReceiver, around, jsonBody, type RequestContext, Resource } from "argania";
import { RequestDecompressionLayer } from "argania/middleware";
import { describe, expect, it, test } from "vitest";
import { CODINGS, compressedApp, rawDeflate } from "./compressed-app.ts";
import { post } from "./json-app.ts";

const TYPE = { "content-type": "application/json" };
const encoded = (coding: string) => ({ ...TYPE, "content-encoding": coding });
const ALL = [...new Set(CODINGS.map(([coding]) => coding.replace("x-gzip", "gzip")))].join(", ");

describe.each(CODINGS)("a body in %s", (coding, compress) => {
  const app = compressedApp(jsonBody.withLimit(100_000));

  it.each([
    ["small", "[1]"],
    ["large", JSON.stringify("a".repeat(90_000))],
    [
      "that hardly shrinks",
      JSON.stringify(Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString("base64")),
    ],
  ])("that is %s is decoded", async (_, text) => {
    expect(await post(app, compress(text), encoded(coding))).toMatchObject({
      status: 200,
      body: { value: JSON.parse(text) },
    });
  });

  it("is decoded whatever the chunks", async () => {
    const whole = compress(JSON.stringify({ a: "b".repeat(500) }));
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of whole) {
          controller.enqueue(new Uint8Array([byte]));
        }
        controller.close();
      },
    });
    expect((await post(app, stream, encoded(coding))).status).toBe(200);
  });

  it("may be as long as the limit, decoded, and no longer", async () => {
    const limited = compressedApp(jsonBody.withLimit(1_000));
    const ofLength = (length: number) => compress(`"${"a".repeat(length - 2)}"`);
    expect((await post(limited, ofLength(1_000), encoded(coding))).status).toBe(200);
    expect(await post(limited, ofLength(1_001), encoded(coding))).toMatchObject({
      status: 413,
      body: { code: "ARGANIA_BODY_LIMIT", limit: 1_000 },
    });
    expect(limited.values).toHaveLength(1);
  });

  const whole = compress(JSON.stringify({ a: "some text that is long enough to be cut" }));
  const flipped = Buffer.from(whole);
  flipped[whole.length >> 1] = (flipped[whole.length >> 1] as number) ^ 0xff;
  it.each<[string, Uint8Array]>([
    ["cut short by a byte", whole.subarray(0, -1)],
    ["cut short by half", whole.subarray(0, whole.length >> 1)],
    ["of one byte", whole.subarray(0, 1)],
    ["with a byte behind it", Buffer.concat([whole, Buffer.from("x")])],
    ["with zeros behind it", Buffer.concat([whole, Buffer.alloc(600)])],
    ["with much behind it", Buffer.concat([whole, Buffer.alloc(70_000, "x")])],
    ["in no such coding", Buffer.from('{"a":1}')],
    // Those two need not have a checksum.
    ...(coding === "br" || coding === "zstd" ? [] : [["with a wrong byte", flipped] as [string, Uint8Array]]),
  ])("that is %s is a 400", async (_, body) => {
    const answer = await post(app, body, encoded(coding));
    expect([answer.status, answer.body.code]).toEqual([400, "ARGANIA_CONTENT_ENCODING"]);
    expect(app.reports).toEqual([]);
  });

  it("that came in pieces with something behind its end is a 400", async () => {
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(whole);
        await new Promise((resolve) => setTimeout(resolve, 20));
        controller.enqueue(new Uint8Array(10));
        controller.close();
      },
    });
    expect((await post(app, stream, encoded(coding))).status).toBe(400);
  });

  it("that is empty is an empty body", async () => {
    const answer = await post(app, new Uint8Array(0), encoded(coding));
    expect(answer).toMatchObject({ status: 400, body: { code: "ARGANIA_JSON" } });
    expect(await post(app, undefined, encoded(coding))).toMatchObject({ body: { code: "ARGANIA_JSON" } });
  });
});

describe("several codings", () => {
  const app = compressedApp();
  const [gzip, br] = [gzipSync, (CODINGS.find(([name]) => name === "br") ?? CODINGS[0])?.[1]] as const;

  it("are undone from the last one to the first", async () => {
    const body = br?.(gzip("[1]")) as Buffer;
    expect((await post(app, body, encoded("gzip, BR"))).body).toEqual({ value: [1] });
    expect((await post(app, body, encoded("identity ,, GZip\t,br,"))).status).toBe(200);
    expect((await post(app, body, encoded("br, gzip"))).status).toBe(400);
  });

  it("are no more than two", async () => {
    const answer = await post(app, gzip(gzip(gzip("[1]"))), encoded("gzip, gzip, gzip"));
    expect([answer.status, answer.headers.get("accept-encoding")]).toEqual([415, ALL]);
  });

  it("are held to what the limit can need at each of them", async () => {
    // Empty blocks: a megabyte of them in the middle, and nothing at the end.
    const blocks = Buffer.concat([
      gzip("").subarray(0, 10),
      Buffer.concat(Array(200_000).fill(Buffer.from([0, 0, 0, 0xff, 0xff]))),
    ]);
    const small = compressedApp(jsonBody.withLimit(100_000));
    expect((await post(small, gzip(blocks), encoded("gzip, gzip"))).status).toBe(413);
    expect((await post(small, blocks, encoded("gzip"))).status).toBe(413);
  });
});

describe("the Content-Encoding", () => {
  const app = compressedApp();

  it.each(["compress", "gzip, aws-chunked", "utf-8", "gzip;q=1", "*", "zlib"])(
    "%j is a 415 that says what is taken",
    async (coding) => {
      const answer = await post(app, gzipSync("[1]"), encoded(coding));
      expect([answer.status, answer.body.code, answer.headers.get("accept-encoding")]).toEqual([
        415,
        "ARGANIA_UNSUPPORTED_MEDIA_TYPE",
        ALL,
      ]);
    },
  );

  it.each(["identity", "", " "])("%j leaves the body as it is", async (coding) => {
    expect((await post(app, "[1]", encoded(coding))).body).toEqual({ value: [1] });
  });

  it("deflate is the format of zlib, not bare deflate", async () => {
    expect((await post(app, rawDeflate("[1]"), encoded("deflate"))).status).toBe(400);
  });

  it("may be limited to some codings", async () => {
    const layer = new RequestDecompressionLayer({ codings: ["gzip"] });
    const limited = compressedApp(jsonBody, layer);
    expect((await post(limited, gzipSync("[1]"), encoded("gzip"))).status).toBe(200);
    const answer = await post(limited, gzipSync("[1]"), encoded("br"));
    expect([answer.status, answer.headers.get("accept-encoding")]).toEqual([415, "gzip"]);
  });

  it("is looked at once where there are several layers", async () => {
    const layer = new RequestDecompressionLayer();
    const root = new Resource("/")
      .addLayerTo(_requestReceiver([layer, layer]))
      .setHandlerFor(_post.to([jsonBody], (value) => ({ value })).wrappedIn(layer));
    const answer = await post({ service: root.intoService() }, gzipSync("[1]"), encoded("gzip"));
    expect(answer.body).toEqual({ value: [1] });
  });
});

describe("what is inside of the layer sees a request that was never compressed", () => {
  const ask = async (look: (context: RequestContext) => unknown) => {
    const root = new Resource("/")
      .addLayerTo(_requestReceiver(new RequestDecompressionLayer()))
      .setHandlerFor(_post.to(async (context) => Response.json({ value: await look(context) })));
    return post({ service: root.intoService() }, gzipSync('{"a":1}'), {
      ...encoded("gzip"),
      "content-length": "27",
      "x-other": "1",
    });
  };

  test.each<[string, (context: RequestContext) => unknown, unknown]>([
    ["context.request.json()", ({ request }) => request.json(), { a: 1 }],
    ["context.request.headers", ({ request }) => [...request.headers.keys()], ["content-type", "x-other"]],
    ["context.headers", ({ headers }) => [...headers.keys()], ["content-type", "x-other"]],
    ["context.header", (context) => context.header("Content-Encoding") ?? null, null],
    ["context.header, by a header that is left", (context) => context.header("x-other"), "1"],
    ["context.method", ({ method, request }) => [method, request.method], ["POST", "POST"]],
    ["context.url", ({ request, url }) => request.url === url.href, true],
    ["context.body", ({ body }) => new Response(body).text(), '{"a":1}'],
  ])("%s", async (_, look, expected) => {
    expect((await ask(look)).body).toEqual({ value: expected });
  });

  test("changed headers, too", async () => {
    const look = (context: RequestContext) => {
      context.headers.set("x-other", "2");
      return [
        context.header("x-other"),
        context.headers.get("x-other"),
        context.request.headers.get("x-other"),
      ];
    };
    expect((await ask(look)).body).toEqual({ value: ["2", "2", "2"] });
  });

  test("whatever was looked at outside of it before", async () => {
    const seen: unknown[] = [];
    const outside = around((context, next) => {
      seen.push(context.request.headers.get("content-encoding"), context.body === null);
      return next();
    });
    const root = new Resource("/")
      .addLayerTo(_requestReceiver([outside, new RequestDecompressionLayer()]))
      .setHandlerFor(_post.to(async ({ request }) => request.text()));
    const response = await root
      .intoService()
      .request("/", { method: "POST", body: gzipSync("text"), headers: encoded("gzip") });
    expect([await response.text(), ...seen]).toEqual(["text", "gzip", false]);
  });
});

describe("options", () => {
  test.each<[unknown, RegExp]>([
    [null, /takes an object, not null/],
    ["gzip", /takes an object, not a string/],
    [{ coding: ["gzip"] }, /no option "coding"/],
    [{ codings: "gzip" }, /array/],
    [{ codings: [] }, /array/],
    [{ codings: ["lzma"] }, /no coding "lzma".*gzip, deflate, br, zstd/],
    [{ codings: ["GZIP"] }, /no coding "GZIP"/],
  ])("%j is refused", (options, message) => {
    expect(() => new RequestDecompressionLayer(options as never)).toThrow(TypeError);
    expect(() => new RequestDecompressionLayer(options as never)).toThrow(message);
  });

  test("zstd is refused where there is none", () => {
    const make = () => new RequestDecompressionLayer({ codings: ["zstd"] });
    if (ALL.includes("zstd")) {
      expect(make).not.toThrow();
    } else {
      expect(make).toThrow(RangeError);
    }
  });
});
