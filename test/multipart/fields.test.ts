import { _post, type Extractor, json, Resource } from "argania";
import { multipartFields } from "argania/multipart";
import "argania/fastest-validator";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { formOf } from "./form-of.ts";
import { formService, QUIET, send } from "./read-form.ts";

const FORM = formOf(
  { name: "title", body: "Walden" },
  { name: "tag", body: "a" },
  { name: "tag", body: "b" },
  { name: "photo", fileName: "C:\\me.png", type: "image/png", body: "\x89PNG" },
  { name: "none", fileName: "", type: "application/octet-stream" },
);

const told = (value: unknown) =>
  value instanceof File ? { name: value.name, type: value.type, size: value.size } : value;

function serviceWith<T extends object>(extractor: Extractor<T, object>) {
  const root = new Resource("/");
  const show = (fields: T) =>
    json(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, told(value)])));
  root.setHandlerFor(_post.to([extractor], show));
  return root.intoService(QUIET);
}

const SEEN = { title: "Walden", tag: ["a", "b"], photo: { name: "me.png", type: "image/png", size: 5 } };

describe("a form as an object", () => {
  test("has texts, files, and arrays of what occurs several times", async () => {
    expect(await send(serviceWith(multipartFields), FORM)).toEqual({ status: 200, body: SEEN });
    expect(await send(serviceWith(multipartFields()), formOf())).toEqual({ status: 200, body: {} });
  });

  test("is what form.toObject() gives", async () => {
    const { service } = formService(async (form) => {
      const fields = await form.toObject();
      return json([Object.getPrototypeOf(fields), await (fields.photo as File).text(), fields.tag]);
    });
    expect(await send(service, FORM)).toEqual({ status: 200, body: [null, "\x89PNG", ["a", "b"]] });
  });

  test("has no __proto__", async () => {
    const answer = await send(serviceWith(multipartFields), formOf({ name: "__proto__", body: "1" }));
    expect(answer).toMatchObject({ status: 400, body: { problem: "malformed" } });
    const others = formOf({ name: "constructor", body: "1" }, { name: "toString", body: "2" });
    expect(await send(serviceWith(multipartFields), others)).toEqual({
      status: 200,
      body: { constructor: "1", toString: "2" },
    });
  });

  test("is limited as other bodies in memory are", async () => {
    const large = formOf({ fileName: "f", body: Buffer.alloc(2 ** 20) });
    expect(await send(serviceWith(multipartFields), large)).toMatchObject({
      status: 413,
      body: { limit: 2 ** 20 },
    });
    const more = multipartFields.withOptions({ bodyLimit: 2 ** 21 });
    expect((await send(serviceWith(more), large)).status).toBe(200);
    expect((await send(serviceWith(more()), large)).status).toBe(200);
    const one = multipartFields.withOptions({ parts: ["title"] });
    expect(await send(serviceWith(one), FORM)).toMatchObject({
      status: 400,
      body: { problem: "unknown-part" },
    });
  });
});

test("options are kept when others are set after them", async () => {
  const any = z.object({});
  const one = multipartFields.withOptions({ parts: ["a"], bodyLimit: 300 });
  const wrong = formOf({ name: "b" });
  const long = formOf({ name: "a", body: "x".repeat(500) });
  for (const extractor of [
    one(any, { bodyLimit: 1_000 }),
    one(any, { bodyLimit: 1_000, parts: undefined } as object),
    one.withOptions({ bodyLimit: 1_000 }),
    one.withOptions({ bodyLimit: 1_000 })(any),
    one.withOptions({ fieldLimit: 600 }).withOptions({ bodyLimit: 1_000 }),
  ]) {
    expect(await send(serviceWith<object>(extractor), wrong)).toMatchObject({
      status: 400,
      body: { problem: "unknown-part" },
    });
    expect((await send(serviceWith<object>(extractor), long)).status).toBe(200);
  }
  const bounded = one.withOptions({ fieldLimit: 10_000 });
  expect(await send(serviceWith<object>(bounded), long)).toMatchObject({ status: 413, body: { limit: 300 } });
  expect((await send(serviceWith<object>(one.withOptions({ parts: ["b"] })), wrong)).status).toBe(200);
  expect(() => one(any, { x: 1 } as object)).toThrow("multipartFields(schema, …) has no option");
});

describe("a schema", () => {
  const Book = z.object({
    title: z.string(),
    tag: z.array(z.string()),
    photo: z.file().max(10).mime("image/png"),
  });
  const Year = z.object({ year: z.coerce.number() });

  test("of zod makes what the handler gets", async () => {
    expect(await send(serviceWith(multipartFields(Book)), FORM)).toEqual({ status: 200, body: SEEN });
    const year = multipartFields(Year, { parts: ["year"] });
    expect(await send(serviceWith(year), formOf({ name: "year", body: "1854" }))).toEqual({
      status: 200,
      body: { year: 1854 },
    });
    expect(await send(serviceWith(year), FORM)).toMatchObject({
      status: 400,
      body: { problem: "unknown-part" },
    });
    const limited = multipartFields.withOptions({ bodyLimit: 10 })(Year);
    expect(await send(serviceWith(limited), FORM)).toMatchObject({ status: 413 });
  });

  test("of fastest-validator converts texts", async () => {
    const rules = multipartFields({ year: "number", isNew: { type: "boolean", optional: true } });
    const form = formOf({ name: "year", body: "1854" }, { name: "isNew", body: "true" });
    expect(await send(serviceWith(rules), form)).toEqual({ status: 200, body: { year: 1854, isNew: true } });
  });

  test("that does not fit is a 400 with its issues", async () => {
    expect(
      await send(serviceWith(multipartFields(Book)), formOf({ name: "title", body: "x" })),
    ).toMatchObject({
      status: 400,
      body: {
        code: "ARGANIA_MULTIPART_FORM",
        problem: "schema",
        issues: [{ path: "tag" }, { path: "photo" }],
      },
    });
  });
});
