import { html, json, respond, text } from "argania";
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
