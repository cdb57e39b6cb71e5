import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  _get,
  _requestReceiver,
  around,
  type Handler,
  jsonStream,
  Resource,
  respond,
  type Service,
} from "argania";
import { CompressionLayer, ConditionalRequestsLayer } from "argania/middleware";
import { EventStream } from "argania/sse";
import { FileStream, StaticFiles } from "argania/static";
import { webSocketUpgrade } from "argania/websocket";
import { describe, expect, it, test, vi } from "vitest";
import { tempFiles } from "../files/temp-files.ts";
import { ask, serving, TEXT } from "./serving.ts";

describe("with ConditionalRequestsLayer", () => {
  const build = (...layers: (CompressionLayer | ConditionalRequestsLayer)[]): Service => {
    const root = new Resource("/").setHandlerFor(_get.to(() => TEXT));
    return root.addLayerTo(_requestReceiver(layers)).intoService();
  };

  it("further in, which is cheaper: the weak tag is found again, and the 304 has it", async () => {
    const service = build(new CompressionLayer(), new ConditionalRequestsLayer());
    const { headers, coding } = await ask(service, "gzip");
    const etag = headers.get("etag") as string;
    expect([coding, etag.startsWith('W/"')]).toEqual(["gzip", true]);
    const same = await ask(service, "gzip", { headers: { "if-none-match": etag } });
    expect([same.status, same.headers.get("etag"), same.headers.get("vary"), same.coding]).toEqual([
      304,
      etag,
      "accept-encoding",
      null,
    ]);
    const plain = await ask(service, undefined, { headers: { "if-none-match": etag } });
    expect([plain.status, plain.headers.get("etag")]).toEqual([304, etag.slice(2)]);
  });

  it("further out: each coding has a tag of its own", async () => {
    const service = build(new ConditionalRequestsLayer(), new CompressionLayer());
    const etag = async (accept: string) => (await ask(service, accept)).headers.get("etag") as string;
    const tags = [await etag("gzip"), await etag("br"), await etag("identity")];
    expect(new Set(tags).size).toBe(3);
    const status = async (accept: string, tag: string | undefined) =>
      (await ask(service, accept, { headers: { "if-none-match": tag as string } })).status;
    expect([await status("gzip", tags[0]), await status("gzip", tags[1])]).toEqual([304, 200]);
  });
});

describe("with files", () => {
  const build = (options = {}): Service => {
    const directory = tempFiles({ "a.txt": TEXT, "big.txt": TEXT.repeat(20), "a.png": TEXT, "c.js": TEXT });
    const root = new Resource("/");
    root.addSubresource(new StaticFiles("/files", directory, options).intoResource());
    root.subresource("/one").setHandlerFor(_get.to(() => FileStream.open(join(directory, "big.txt"))));
    return root.addLayerTo(_requestReceiver(new CompressionLayer())).intoService();
  };

  it.each(["/files/a.txt", "/files/big.txt", "/one"])("%s is compressed as any text", async (path) => {
    const service = build();
    const { coding, headers, text: body } = await ask(service, "gzip", { path });
    expect([coding, body.startsWith(TEXT), headers.get("accept-ranges")]).toEqual(["gzip", true, null]);
    expect(headers.get("etag")).toMatch(/^W\//);
    const head = await ask(service, "gzip", { path, method: "HEAD" });
    expect([head.coding, head.headers.get("content-length")]).toEqual(["gzip", null]);
    const again = await ask(service, "gzip", {
      path,
      headers: { "if-none-match": headers.get("etag") as string },
    });
    expect([again.status, again.headers.get("vary")]).toEqual([304, "accept-encoding"]);
  });

  it("leaves parts and pictures alone", async () => {
    const part = await ask(build(), "gzip", { path: "/files/a.txt", headers: { range: "bytes=0-4" } });
    expect([part.status, part.coding, part.text, part.headers.get("vary")]).toEqual([
      206,
      null,
      "All h",
      "accept-encoding",
    ]);
    const picture = await ask(build(), "gzip", { path: "/files/a.png" });
    expect([picture.coding, picture.headers.get("accept-ranges")]).toEqual([null, "bytes"]);
  });

  it("leaves alone what StaticFiles has compressed", async () => {
    const { coding, text: body } = await ask(build({ compress: true }), "gzip", { path: "/files/c.js" });
    expect([coding, body]).toEqual(["gzip", TEXT]);
  });
});

describe("with other responses", () => {
  const build = (handler: Handler, options = {}): Service =>
    new Resource("/")
      .setHandlerFor(_get.to(handler))
      .addLayerTo(_requestReceiver(new CompressionLayer(options)))
      .intoService();

  test("jsonStream", async () => {
    const rows = Array.from({ length: 500 }, (_, id) => ({ id }));
    const answer = await ask(
      build(() => jsonStream(rows)),
      "gzip",
    );
    expect([answer.coding, JSON.parse(answer.text)]).toEqual(["gzip", rows]);
  });

  test("a web Response", async () => {
    const answer = await ask(
      build(() => new Response(TEXT)),
      "br",
    );
    expect([answer.coding, answer.text]).toEqual(["br", TEXT]);
  });

  test("a body that a layer has looked at", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => TEXT));
    const look = around(async (_, next) => {
      const response = await next();
      expect(await response.clone().text()).toBe(TEXT);
      expect(response.body).toBeInstanceOf(ReadableStream);
      return response;
    });
    root.addLayerTo(_requestReceiver([new CompressionLayer(), look]));
    expect((await ask(root.intoService(), "gzip")).text).toBe(TEXT);
  });

  test("a body that a layer has read is that layer's business", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => TEXT));
    const read = around(async (_, next) => {
      const response = await next();
      await response.text();
      return response;
    });
    root.addLayerTo(_requestReceiver([new CompressionLayer(), read]));
    const service = root.intoService({ logger: { error: () => {} } });
    expect((await ask(service, "gzip")).status).toBe(500);
  });

  test("events, which go as they are unless the filter says otherwise", async () => {
    async function* events() {
      yield { data: "one" };
      yield { data: "two" };
    }
    const plain = await ask(
      build(() => new EventStream(events())),
      "gzip",
    );
    expect([plain.coding, plain.headers.get("vary"), /^data: ?two$/m.test(plain.text)]).toEqual([
      null,
      null,
      true,
    ]);
    const compressed = await ask(
      build(() => new EventStream(events()), { filter: () => true }),
      "gzip",
    );
    expect([compressed.coding, compressed.text]).toEqual(["gzip", plain.text]);
  });

  test("an upgrade", async () => {
    const root = new Resource("/").setHandlerFor(
      _get.to([webSocketUpgrade()], (upgrade) => upgrade(() => {})),
    );
    root.addLayerTo(_requestReceiver(new CompressionLayer({ filter: () => true })));
    const answer = await ask(root.intoService(), "gzip");
    expect([answer.status, answer.coding]).toEqual([426, null]);
  });

  test("service.fetch", async () => {
    const response = await build(() => TEXT).fetch(
      new Request("http://x/", { headers: { "accept-encoding": "gzip" } }),
    );
    expect(gunzipSync(await response.arrayBuffer()).toString()).toBe(TEXT);
  });

  test("Cloudflare Workers, which would encode it once more", async () => {
    const inits: (ResponseInit | undefined)[] = [];
    const Platform = Response;
    vi.stubGlobal(
      "Response",
      class extends Platform {
        constructor(body?: string | null, init?: ResponseInit) {
          super(body, init);
          inits.push(init);
        }
      },
    );
    try {
      const service = build(() => TEXT);
      await service.fetch(new Request("http://x/"));
      await service.fetch(new Request("http://x/", { headers: { "accept-encoding": "gzip" } }));
    } finally {
      vi.unstubAllGlobals();
    }
    expect(inits.map((init) => (init as { encodeBody?: string }).encodeBody)).toEqual([undefined, "manual"]);
  });
});

describe("a 304 from further in", () => {
  const revalidate = (tag: string, headers: Record<string, string> = {}) =>
    ask(
      serving(() => respond(304, { etag: '"a"', ...headers }, null)),
      "gzip",
      { headers: { "if-none-match": tag } },
    );

  it.each([
    ['W/"a"', 'W/"a"'],
    ['"a"', '"a"'],
    ['"b", W/"a"', 'W/"a"'],
    ['"a", W/"b"', '"a"'],
  ])("to a client that has %s names %s", async (has, etag) => {
    const { headers } = await revalidate(has);
    expect([headers.get("etag"), headers.get("vary")]).toEqual([etag, "accept-encoding"]);
  });

  it.each<[string, Record<string, string>]>([
    ["an image", { "content-type": "image/png" }],
    ["what must not be transformed", { "cache-control": "no-transform" }],
  ])("for %s stays as it is", async (_, extra) => {
    const { headers } = await revalidate('"a"', extra);
    expect([headers.get("etag"), headers.get("vary")]).toEqual(['"a"', null]);
  });
});
