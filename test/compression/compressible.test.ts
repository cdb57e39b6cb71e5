import { html, jsonLines, respond, text, withTrailers } from "argania";
import { describe, expect, it } from "vitest";
import { ask, serving, TEXT } from "./serving.ts";

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
