import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { _post, _requestReceiver, jsonBody, Resource, textBody } from "argania";
import { RequestDecompressionLayer } from "argania/middleware";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { compressedApp } from "./compressed-app.ts";
import { post } from "./json-app.ts";

const encoded = (coding: string) => ({ "content-type": "application/json", "content-encoding": coding });

describe("where there is no node:zlib", () => {
  beforeEach(() => {
    vi.spyOn(process, "getBuiltinModule").mockImplementation(() => undefined as never);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
  ] as const)("%s is decoded by the platform", async (coding, compress) => {
    const app = compressedApp(jsonBody.withLimit(100_000));
    const text = JSON.stringify("a".repeat(90_000));
    expect((await post(app, compress(text), encoded(coding))).body.value).toHaveLength(90_000);
    expect((await post(app, compress(`${text}        `.padEnd(100_001)), encoded(coding))).status).toBe(413);
    for (const body of [compress(text).subarray(0, -1), Buffer.from("[1]")]) {
      expect(await post(app, body, encoded(coding))).toMatchObject({
        status: 400,
        body: { code: "ARGANIA_CONTENT_ENCODING" },
      });
    }
    expect((await post(app, new Uint8Array(0), encoded(coding))).body).toMatchObject({
      code: "ARGANIA_JSON",
    });
    expect(app.reports).toEqual([]);
  });

  test("other codings are refused", async () => {
    const answer = await post(compressedApp(), brotliCompressSync("[1]"), encoded("br"));
    expect([answer.status, answer.headers.get("accept-encoding")]).toEqual([415, "gzip, deflate"]);
    expect(() => new RequestDecompressionLayer({ codings: ["br"] })).toThrow(/has gzip, deflate/);
  });

  test("a bomb is opened no further than its limit", async () => {
    const cancel = vi.fn();
    const bomb = gzipSync(Buffer.alloc(50_000_000, " "), { level: 9 });
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bomb),
      cancel,
    });
    expect((await post(compressedApp(), stream, encoded("gzip"))).status).toBe(413);
    expect(cancel).toHaveBeenCalledOnce();
  });

  test("what fails while it is read is no fault of the coding", async () => {
    const app = compressedApp();
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("gone"));
      },
    });
    expect((await post(app, stream, encoded("gzip"))).status).toBe(500);
    expect(String(app.reports[0]?.err)).toBe("Error: gone");
  });

  test("a stream that is given up lets go of the request", async () => {
    const cancel = vi.fn();
    const root = new Resource("/").addLayerTo(_requestReceiver(new RequestDecompressionLayer()));
    root.setHandlerFor(
      _post.to(async ({ body }) => {
        const reader = body?.getReader();
        const first = await reader?.read();
        await reader?.cancel();
        return String(first?.value?.byteLength !== undefined);
      }),
    );
    const whole = gzipSync(crypto.getRandomValues(new Uint8Array(60_000)));
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(whole.subarray(0, 50_000)),
      cancel,
    });
    const response = await root
      .intoService()
      .request("/", { method: "POST", body: stream, headers: encoded("gzip") });
    expect(await response.text()).toBe("true");
    expect(cancel).toHaveBeenCalledOnce();
  });
});

test("text behind the layer", async () => {
  const app = compressedApp(textBody);
  const headers = { "content-type": "text/plain", "content-encoding": "gzip" };
  expect((await post(app, gzipSync("grüß dich"), headers)).body).toEqual({ value: "grüß dich" });
});
