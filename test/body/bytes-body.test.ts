import { attempt, type BytesExtractor, binaryBody, bodyLimit, fullBody } from "argania";
import { describe, expect, it, test } from "vitest";
import { serve } from "../server/serve.ts";
import { jsonApp, post } from "./json-app.ts";

const BYTES = new Uint8Array([0, 1, 0x80, 0xff, 0x0a]);
const BINARY = { "content-type": "application/octet-stream" };

describe.each<[string, BytesExtractor]>([
  ["binaryBody", binaryBody],
  ["fullBody", fullBody],
])("%s", (name, extractor) => {
  it.each([
    ["as it is", extractor],
    ["called", extractor()],
    ["with a limit", extractor.withLimit(5)],
    ["with a limit, called", extractor.withLimit(5)()],
  ])("%s gives bytes", async (_, given) => {
    const app = jsonApp(given);
    await post(app, BYTES, BINARY);
    await post(app, undefined, BINARY);
    expect(app.values).toEqual([BYTES, new Uint8Array(0)]);
  });

  it("gives no Buffer on Node, whose slice is another one", async () => {
    const app = jsonApp(extractor);
    const { port } = await serve(app.service);
    for (const body of [BYTES, new Uint8Array(300_000).fill(7)]) {
      await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers: BINARY, body });
      const value = app.values.at(-1) as Uint8Array;
      expect([value.constructor, value.byteLength, value.at(-1)]).toEqual([
        Uint8Array,
        body.length,
        body.at(-1),
      ]);
    }
  });

  it("has its own limit, or the one in force", async () => {
    expect((await post(jsonApp(extractor.withLimit(4)), BYTES, BINARY)).body).toMatchObject({
      code: "ARGANIA_BODY_LIMIT",
      limit: 4,
    });
    const inherited = jsonApp(extractor, (root) => root.setProperty(bodyLimit.to(4)));
    expect((await post(inherited, BYTES, BINARY)).status).toBe(413);
  });

  it("refuses a compressed body, which would be other bytes", async () => {
    expect((await post(jsonApp(extractor), BYTES, { ...BINARY, "content-encoding": "gzip" })).status).toBe(
      415,
    );
  });

  it("refuses what it would not use", () => {
    const call = extractor as unknown as (...args: unknown[]) => unknown;
    expect(() => call({ limit: 5 })).toThrow(new RegExp(`${name}\\.withLimit`));
    expect(() => call(undefined)).toThrow(/takes no schema/);
    expect(() => extractor.withLimit(-1)).toThrow(RangeError);
  });
});

describe("the content type", () => {
  const ask = async (extractor: BytesExtractor, type?: string) =>
    post(jsonApp(extractor), BYTES, type === undefined ? {} : { "content-type": type });

  it.each(["application/octet-stream", "APPLICATION/Octet-Stream; a=b", "octet-stream"])(
    "of binaryBody may be %j",
    async (type) => {
      expect((await ask(binaryBody, type)).status).toBe(200);
    },
  );

  it.each(["image/png", "text/plain", "application/*", "octet-streams"])(
    "of binaryBody may not be %j",
    async (type) => {
      const answer = await ask(binaryBody, type);
      expect([answer.status, answer.headers.get("accept")]).toEqual([415, "application/octet-stream"]);
    },
  );

  it("of binaryBody may not be missing", async () => {
    expect((await ask(binaryBody)).body).toMatchObject({ status: 400, code: "ARGANIA_MISSING_HEADER" });
  });

  it("of binaryBody can be chosen, and has any charset then", async () => {
    const images = binaryBody.withType("image/png", "image/svg+xml").withLimit(10);
    expect((await ask(images, "image/png")).status).toBe(200);
    expect((await ask(images, "image/svg+xml; charset=iso-8859-1")).status).toBe(200);
    expect((await ask(images, "application/octet-stream")).headers.get("accept")).toBe(
      "image/png, image/svg+xml",
    );
    expect((await ask(binaryBody.withLimit(10).withType("image/*"), "image/webp")).status).toBe(200);
    expect((await ask(binaryBody.withLimit(4).withType("image/*"), "image/webp")).status).toBe(413);
  });

  it.each([undefined, "text/plain", "image/png", "no type at all", "application/json; charset=utf-16"])(
    "of fullBody may be %j",
    async (type) => {
      expect((await ask(fullBody, type)).status).toBe(200);
    },
  );

  it("is refused at definition when it is none", () => {
    expect(() => binaryBody.withType("png")).toThrow(/binaryBody\.withType.*not "png"/);
    expect(() => binaryBody.withType("*/*")).toThrow(/fullBody/);
    expect(() => binaryBody.withType("image/*+xml")).toThrow(TypeError);
  });
});

test("attempt hands a body that is too large to the handler", async () => {
  const app = jsonApp(attempt(fullBody.withLimit(1)));
  expect((await post(app, BYTES)).status).toBe(200);
  expect(app.values).toMatchObject([{ ok: false, error: { code: "ARGANIA_BODY_LIMIT" } }]);
});
