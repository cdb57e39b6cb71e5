import { html, json, jsonLines, respond, text, withTrailers } from "argania";
import { CompressionLayer } from "argania/middleware";
import { describe, expect, it, test } from "vitest";
import { ask, hasZstd, serving, TEXT } from "./serving.ts";

describe("the coding", () => {
  it.each([
    ["gzip", "gzip"],
    ["br", "br"],
    ["gzip, deflate, br", "br"],
    ["GZIP", "gzip"],
    ["gzip, br;q=0.5", "gzip"],
    ["br;q=0.001, gzip;q=0.002", "gzip"],
    ["*", hasZstd ? "zstd" : "br"],
    ["br;q=0, zstd;q=0, *", "gzip"],
    ["gzip;q=0.5, *;q=0.1", "gzip"],
    ["gzip, deflate, br, zstd", hasZstd ? "zstd" : "br"],
    ["identity;q=0, gzip", "gzip"],
    ["*;q=0, gzip", "gzip"],
    ["identity, gzip;q=0.9", null],
    ["identity", null],
    ["deflate", null],
    ["compress, x-unknown", null],
    ["gzip;q=0", null],
    ["gzip;q=0.000, br;q=0", null],
    ["*;q=0", null],
    ["", null],
    [undefined, null],
  ])("for %j is %j", async (accept, expected) => {
    const {
      status,
      coding,
      headers,
      text: body,
      length,
    } = await ask(
      serving(() => TEXT),
      accept,
    );
    expect([status, coding, body === TEXT]).toEqual([200, expected, true]);
    expect(headers.get("vary")).toBe("accept-encoding");
    expect(headers.get("content-length")).toBe(String(length));
    expect(length < TEXT.length / 10).toBe(expected !== null);
  });

  it("is the first of the layer's among those that the client likes as well", async () => {
    const coding = async (codings: ("gzip" | "br")[]) =>
      (
        await ask(
          serving(() => TEXT, { codings }),
          "br, gzip",
        )
      ).coding;
    expect([await coding(["gzip", "br"]), await coding(["br", "gzip"])]).toEqual(["gzip", "br"]);
  });

  it("has the level that it is given", async () => {
    const varied = JSON.stringify(
      Array.from({ length: 3_000 }, (_, index) => Math.imul(index, 2_654_435_761)),
    );
    const size = async (level: number) =>
      (
        await ask(
          serving(() => text(varied), { codings: { coding: "gzip", level } }),
          "gzip",
        )
      ).length;
    expect(await size(9)).toBeLessThan(await size(1));
  });

  it.each(["gzip", "br"] as const)(
    "%s is the same for large bodies, which go another way",
    async (coding) => {
      const large = TEXT.repeat(50);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          ask(
            serving(() => new TextEncoder().encode(large), { filter: () => true }),
            coding,
          ),
        ),
      );
      expect(answers.every((answer) => answer.coding === coding && answer.text === large)).toBe(true);
      expect(answers.every(({ headers, length }) => headers.get("content-length") === String(length))).toBe(
        true,
      );
    },
  );
});

describe("what is compressed", () => {
  it.each([
    ["text/html; charset=utf-8", true],
    ["TEXT/CSS", true],
    ["application/json", true],
    ["application/problem+json ; charset=utf-8", true],
    ["application/x-ndjson", true],
    ["application/yaml", true],
    ["image/svg+xml", true],
    ["application/wasm", true],
    ["image/png", false],
    ["video/mp4", false],
    ["application/zip", false],
    ["font/woff2", false],
    ["application/octet-stream", false],
    ["text/event-stream", false],
    ["text/event-stream; charset=utf-8", false],
    ["textual/html", false],
    ["x-application/json", false],
  ])("of the type %s: %j", async (type, expected) => {
    const {
      coding,
      headers,
      text: body,
    } = await ask(
      serving(() => respond({ "content-type": type }, TEXT)),
      "gzip",
    );
    expect([coding === "gzip", headers.get("vary") === "accept-encoding", body === TEXT]).toEqual([
      expected,
      expected,
      true,
    ]);
  });

  it("has a type", async () => {
    const bare = () => new Response(new TextEncoder().encode(TEXT));
    expect((await ask(serving(bare), "gzip")).coding).toBeNull();
  });

  it("has the size of the threshold, in bytes", async () => {
    const coding = async (body: string, threshold?: number) =>
      (
        await ask(
          serving(() => body, threshold === undefined ? {} : { threshold }),
          "gzip",
        )
      ).coding;
    expect(await coding("a".repeat(1_023))).toBeNull();
    expect(await coding("a".repeat(1_024))).toBe("gzip");
    expect(await coding("é".repeat(512))).toBe("gzip");
    expect(await coding("a", 0)).toBe("gzip");
    expect(await coding("", 0)).toBeNull();
    expect(await coding(TEXT, 1e6)).toBeNull();
  });

  it("is anything for clients that take nothing else", async () => {
    const answer = await ask(
      serving(() => "short"),
      "gzip, identity;q=0",
    );
    expect([answer.coding, answer.text]).toEqual(["gzip", "short"]);
  });

  it.each([
    ["a coding", { "content-encoding": "x-own" }],
    ["the coding identity", { "content-encoding": "identity" }],
    ["no-transform", { "cache-control": "public, No-Transform" }],
    ["a range", { "content-range": "bytes 0-9/10" }],
    ["a digest", { "content-digest": "sha-256=:x:" }],
    ["a digest of the old kind", { digest: "sha-256=x" }],
    ["an MD5", { "content-md5": "x" }],
  ])("is not what has %s", async (_, headers: Record<string, string>) => {
    const handler = () => respond({ etag: '"v1"', ...headers }, text(TEXT));
    const response = await serving(handler).request("/", { headers: { "accept-encoding": "gzip" } });
    expect(await response.text()).toBe(TEXT);
    expect(response.headers.get("content-encoding")).toBe(
      (headers as { "content-encoding"?: string })["content-encoding"] ?? null,
    );
    expect([response.headers.get("etag"), response.headers.get("vary")]).toEqual(['"v1"', null]);
  });

  it("is not what has a digest behind its body", async () => {
    const handler = () => withTrailers(jsonLines([TEXT]), { "content-digest": () => "sha-256=:x:" });
    const { coding, text: body } = await ask(serving(handler), "gzip");
    expect([coding, body]).toEqual([null, `${JSON.stringify(TEXT)}\n`]);
  });

  it.each(["x-no-transform", "no-transformers", "max-age=1"])("may have Cache-Control: %s", async (value) => {
    const handler = () => respond({ "cache-control": value }, text(TEXT));
    expect((await ask(serving(handler), "gzip")).coding).toBe("gzip");
  });

  it.each([
    ["200 without a body", () => null],
    ["204", () => 204],
    ["205", () => 205],
    ["404 without a body", () => 404],
    ["308", () => new Response(null, { status: 308, headers: { location: "/x" } })],
  ])("is never %s", async (_, handler) => {
    const { coding, headers, length } = await ask(serving(handler), "gzip, *;q=0");
    expect([coding, headers.get("vary"), length]).toEqual([null, null, 0]);
  });

  it("is a page that comes with an error status", async () => {
    const {
      status,
      coding,
      text: body,
    } = await ask(
      serving(() => html(TEXT, 404)),
      "gzip",
    );
    expect([status, coding, body === TEXT]).toEqual([404, "gzip", true]);
  });
});

describe("the headers", () => {
  const handler = () =>
    respond(
      { etag: '"v1"', "accept-ranges": "bytes", vary: "Origin", "x-own": "1", "set-cookie": "a=1" },
      json([TEXT]),
    );

  it("say what was done", async () => {
    const { headers, length } = await ask(serving(handler), "gzip");
    expect(Object.fromEntries(headers)).toEqual({
      "content-type": "application/json",
      "content-encoding": "gzip",
      "content-length": String(length),
      etag: 'W/"v1"',
      vary: "Origin, accept-encoding",
      "x-own": "1",
      "set-cookie": "a=1",
    });
  });

  it("say what the handler said when nothing was done, and that it could have been", async () => {
    const { headers } = await ask(serving(handler));
    expect([headers.get("etag"), headers.get("accept-ranges"), headers.get("vary")]).toEqual([
      '"v1"',
      "bytes",
      "Origin, accept-encoding",
    ]);
  });

  it.each([
    ['W/"v1"', 'W/"v1"'],
    ["not a tag", "not a tag"],
  ])("have the tag %s as %s", async (etag, expected) => {
    const { headers } = await ask(
      serving(() => respond({ etag }, text(TEXT))),
      "gzip",
    );
    expect(headers.get("etag")).toBe(expected);
  });

  it.each(["Accept-Encoding", "accept, ACCEPT-ENCODING", "*"])("have Vary: %s once", async (vary) => {
    expect(
      (
        await ask(
          serving(() => respond({ vary }, text(TEXT))),
          "gzip",
        )
      ).headers.get("vary"),
    ).toBe(vary);
  });

  it("keep the status and its text", async () => {
    const made = () =>
      new Response(TEXT, { status: 418, statusText: "Short", headers: { "content-type": "text/plain" } });
    const response = await serving(made).request("/", { headers: { "accept-encoding": "br" } });
    expect([response.status, response.statusText, response.headers.get("content-encoding")]).toEqual([
      418,
      "Short",
      "br",
    ]);
  });

  it("of HEAD are those of GET, without the length that is not known", async () => {
    const get = await ask(serving(handler), "gzip");
    const head = await ask(serving(handler), "gzip", { method: "HEAD" });
    const expected = Object.fromEntries(get.headers);
    delete expected["content-length"];
    expect([head.status, head.length, Object.fromEntries(head.headers)]).toEqual([200, 0, expected]);
  });
});

describe("the filter", () => {
  it("decides, and leaves the rest to the type", async () => {
    const filter = ({ search }: { readonly search: string }) =>
      search === "" ? undefined : search === "?yes";
    const image = serving(() => respond({ "content-type": "image/bmp-like" }, TEXT), { filter });
    const page = serving(() => html(TEXT), { filter });
    const codings = [];
    for (const service of [image, page]) {
      for (const path of ["/", "/?yes", "/?no"]) {
        codings.push((await ask(service, "gzip", { path })).coding);
      }
    }
    expect(codings).toEqual([null, "gzip", null, "gzip", "gzip", null]);
  });

  it("cannot have compressed what must stay as it is", async () => {
    const service = serving(() => respond({ "cache-control": "no-transform" }, TEXT), { filter: () => true });
    expect((await ask(service, "gzip")).coding).toBeNull();
  });
});

test.each([
  [{ codings: [] }, RangeError, /none that this runtime can compress in/],
  [{ codings: ["deflate"] }, TypeError, /A coding is one of "br", "zstd", "gzip"/],
  [{ codings: [null] }, TypeError, /A coding is one of/],
  [{ codings: { coding: "br", level: 12 } }, RangeError, /Invalid level 12 for br: an integer from 0/],
  [{ threshold: "1kb" }, TypeError, /threshold of CompressionLayer is a number/],
  [{ threshold: -1 }, RangeError, /threshold of CompressionLayer/],
  [{ maxStreams: 1.5 }, RangeError, /maxStreams of CompressionLayer/],
  [{ filter: true }, TypeError, /filter of CompressionLayer is a function/],
  [{ level: 6 }, TypeError, /CompressionLayer has no option "level". There are: codings, threshold/],
  ["gzip", TypeError, /CompressionLayer takes an object of options/],
  [null, TypeError, /CompressionLayer takes an object of options/],
] as const)("%o is refused", (options, kind, message) => {
  const attempt = () => new CompressionLayer(options as never);
  expect(attempt).toThrow(kind);
  expect(attempt).toThrow(message);
});
