import { _post, Resource } from "argania";
import { type MultipartForm, multipartBody } from "argania/multipart";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveAs, WAYS } from "../body/serve-both.ts";
import { CONTENT_TYPE, formOf, streamOf } from "./form-of.ts";
import { QUIET } from "./read-form.ts";

const LIMIT = 50_000;

/** Each is exempt by itself: 80,000 bytes together. */
const SMALL_PARTS = formOf(...Array.from({ length: 5 }, () => ({ body: "x".repeat(16_000) })));

type Read = (form: MultipartForm) => Promise<unknown>;

const asObject: Read = (form) => form.toObject();
const asJson: Read = async (form) => {
  const values: unknown[] = [];
  for await (const part of form) {
    values.push(await part.json());
  }
  return values;
};

/** Reads forms, and holds what is made of the first one until `release`. */
function site(read: Read) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held: unknown[] = [];
  const root = new Resource("/");
  root.setHandlerFor(
    _post.to([multipartBody], async (form) => {
      held.push(await read(form));
      if (held.length === 1) {
        await released;
      }
      return "read";
    }),
  );
  onTestFinished(release);
  return { service: root.intoService({ ...QUIET, bodyMemoryLimit: LIMIT }), held, release };
}

describe.each(WAYS)("forms in memory (%s)", (way) => {
  const json = JSON.stringify("x".repeat(17_000));
  test.each<[string, Read, Uint8Array, Uint8Array]>([
    ["of many small parts count as one body", asObject, SMALL_PARTS, SMALL_PARTS],
    ["count their files twice", asObject, formOf({ fileName: "f", body: "x".repeat(30_000) }), SMALL_PARTS],
    ["count JSON six times", asJson, formOf({ body: json }), formOf({ body: json })],
    [
      "count small parts of JSON six times",
      asJson,
      formOf({ body: '"a"' }, { body: JSON.stringify("x".repeat(16_000)) }, { body: json }),
      formOf({ body: json }),
    ],
  ])("%s", async (_title, read, first, second) => {
    const { service, held, release } = site(read);
    const { port } = await serveAs(way, service);
    const post = async (body: Uint8Array) => {
      const init = { method: "POST", headers: { "content-type": CONTENT_TYPE }, body: new Uint8Array(body) };
      const response = await fetch(`http://127.0.0.1:${port}/`, init);
      await response.arrayBuffer();
      return response.status;
    };
    // Alone it is read, however much it counts.
    const holding = post(first);
    await expect.poll(() => held.length).toBe(1);
    expect(await post(second)).toBe(503);
    expect(await post(formOf({ body: '"small"' }))).toBe(200);
    release();
    expect(await holding).toBe(200);
    await expect.poll(() => post(second)).toBe(200);
  });

  test("that are not held count little", async () => {
    const { service, held, release } = site(async (form) => {
      let length = 0;
      for await (const part of form) {
        for await (const chunk of part) {
          length += chunk.byteLength;
        }
      }
      return length;
    });
    const { port } = await serveAs(way, service);
    const init = {
      method: "POST",
      headers: { "content-type": CONTENT_TYPE },
      body: new Uint8Array(SMALL_PARTS),
    };
    const holding = fetch(`http://127.0.0.1:${port}/`, init);
    await expect.poll(() => held).toEqual([80_000]);
    expect((await fetch(`http://127.0.0.1:${port}/`, init)).status).toBe(200);
    release();
    expect((await holding).status).toBe(200);
  });
});

test("a form counts while it is read, also where nobody knows when it is answered", async () => {
  const { service, held, release } = site(asObject);
  release();
  let goOn = () => {};
  const rest = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const body = streamOf([SMALL_PARTS.subarray(0, 60_000)]).pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      flush: async (controller) => {
        await rest;
        controller.enqueue(SMALL_PARTS.subarray(60_000));
      },
    }),
  );
  const post = async (body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>) => {
    const headers = { "content-type": CONTENT_TYPE };
    return (await service.request("/", { method: "POST", headers, body })).status;
  };
  const small = () => post(new Uint8Array(formOf({ body: "x".repeat(17_000) })));
  const reading = post(body);
  await expect.poll(small).toBe(503);
  goOn();
  expect(await reading).toBe(200);
  expect(await small()).toBe(200);
  expect(held.length).toBeGreaterThanOrEqual(2);
});
