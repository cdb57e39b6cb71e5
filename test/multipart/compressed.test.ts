import { gzipSync } from "node:zlib";
import { _post, _requestReceiver, json, Resource } from "argania";
import { RequestDecompressionLayer } from "argania/middleware";
import { multipartBody } from "argania/multipart";
import { describe, expect, test } from "vitest";
import { CONTENT_TYPE, formOf, streamOf } from "./form-of.ts";
import { partsOf, QUIET } from "./read-form.ts";

/** A service behind the layer; answers with the parts of a form. */
function service(bodyLimit?: number) {
  const root = new Resource("/").addLayerTo(_requestReceiver(new RequestDecompressionLayer()));
  const extractor = bodyLimit === undefined ? multipartBody : multipartBody({ bodyLimit });
  root.setHandlerFor(_post.to([extractor], async (form) => json(await partsOf(form))));
  return root.intoService(QUIET);
}

async function send(bodyLimit: number | undefined, body: ReadableStream<Uint8Array>, more: object = {}) {
  const headers = { "content-type": CONTENT_TYPE, "content-encoding": "gzip", ...more };
  const response = await service(bodyLimit).request("/", { method: "POST", headers, body });
  return { status: response.status, body: await response.json() };
}

/** Blocks without a byte (RFC 1951 §3.2.4): they go on, and never make anything. */
const EMPTY_BLOCKS = Buffer.concat(Array.from({ length: 1_000 }, () => Buffer.from([0, 0, 0, 0xff, 0xff])));

describe("a compressed form", () => {
  const form = formOf({ name: "a", body: "x".repeat(900) });

  test("is read", async () => {
    expect(await send(undefined, streamOf([gzipSync(form)]))).toMatchObject({
      status: 200,
      body: [{ name: "a" }],
    });
  });

  test("may be as long as its limit, decoded, and no longer", async () => {
    expect((await send(form.length, streamOf([gzipSync(form)]))).status).toBe(200);
    // What does not shrink, and is sent in blocks as it is.
    expect((await send(form.length, streamOf([gzipSync(form, { level: 0 })]))).status).toBe(200);
    expect(await send(form.length - 1, streamOf([gzipSync(form)]))).toMatchObject({
      status: 413,
      body: { code: "ARGANIA_BODY_LIMIT", limit: form.length - 1 },
    });
  });

  test("that never makes a byte is not taken for ever", async () => {
    let taken = 0;
    const blocks = function* () {
      yield gzipSync("").subarray(0, 10);
      // Without a bound all of it would be taken, and be malformed at its end.
      for (; taken < 2_000_000; taken += EMPTY_BLOCKS.length) {
        yield EMPTY_BLOCKS;
      }
    };
    expect(await send(1_000, streamOf(blocks()))).toMatchObject({
      status: 413,
      body: { code: "ARGANIA_BODY_LIMIT", limit: 1_000 },
    });
    expect(taken).toBeLessThan(200_000);
  });

  test("that announces more than its limit can need is not taken at all", async () => {
    let isAsked = false;
    const body = streamOf({
      [Symbol.iterator]: () => {
        return {
          next: () => {
            isAsked = true;
            return { done: true, value: undefined };
          },
        };
      },
    });
    expect(await send(1_000, body, { "content-length": "3025" })).toMatchObject({
      status: 413,
      body: { code: "ARGANIA_BODY_LIMIT", limit: 1_000 },
    });
    expect(isAsked).toBe(false);
  });
});
