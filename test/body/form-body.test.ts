import { BodyLimitError, FormError, FormLimitError, formBody, type StandardSchema } from "argania";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseForm } from "../../src/data/parse-form.ts";
import { type Body, jsonApp, loginSchema, post } from "./json-app.ts";

const TYPE = "application/x-www-form-urlencoded";
const FORM = { "content-type": TYPE };
const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => ({ ...parseForm(bytes(text), 1_000) });

describe("a form, as it is and called,", () => {
  it.each([
    ["as it is", formBody],
    ["called", formBody()],
    ["with a limit", formBody.withLimit(1_000)],
    ["with limits, called", formBody.withLimit(1_000).withFieldLimit(5)()],
    ["with limits the other way round", formBody.withFieldLimit(5).withLimit(1_000)],
  ])("%s, gives its fields", async (_, extractor) => {
    const app = jsonApp(extractor);
    expect((await post(app, "a=1&b=x+y&c=%C3%BC%26", FORM)).body).toEqual({
      value: { a: "1", b: "x y", c: "ü&" },
    });
    expect(app.reports).toEqual([]);
  });

  it("has no prototype", async () => {
    const app = jsonApp(formBody);
    await post(app, "toString=1&constructor=2&hasOwnProperty=3", FORM);
    expect(Object.getPrototypeOf(app.values[0])).toBeNull();
    expect({ ...(app.values[0] as object) }).toEqual({
      toString: "1",
      constructor: "2",
      hasOwnProperty: "3",
    });
  });
});

describe("fields", () => {
  it.each<[string, Record<string, string | string[]>]>([
    ["", {}],
    ["&&", {}],
    ["a", { a: "" }],
    ["a=", { a: "" }],
    ["=", { "": "" }],
    ["=b", { "": "b" }],
    ["a=b=c", { a: "b=c" }],
    ["a=1&&b=2&", { a: "1", b: "2" }],
    ["a&b=1&c&d=2", { a: "", b: "1", c: "", d: "2" }],
    ["a=1&a=2", { a: ["1", "2"] }],
    ["a=1&b=0&a=2&a=3", { a: ["1", "2", "3"], b: "0" }],
    ["a[]=1&a[]=2&a[b]=3&a.b=4", { "a[]": ["1", "2"], "a[b]": "3", "a.b": "4" }],
    ["a%5Bb%5D=1", { "a[b]": "1" }],
    ["%61=%62&%2B=%2b", { a: "b", "+": "+" }],
    ["a+b=c+d", { "a b": "c d" }],
    ["a;b=1;c=2", { "a;b": "1;c=2" }],
    ["a=\u{1F600}ü", { a: "\u{1F600}ü" }],
    ["a=%00%0D%0A", { a: "\0\r\n" }],
    ["0=a&1=b", { 0: "a", 1: "b" }],
  ])("of %j", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ["a=%zz&b=%", { a: "%zz", b: "%" }],
    ["a=100%&b=%2", { a: "100%", b: "%2" }],
    ["%=%%41%4", { "%": "%A%4" }],
    ["a=%u00fc+%C3%BC", { a: "%u00fc ü" }],
  ])("of %j keep a percent sign that begins no escape, as browsers read it", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ["a=1&b=%ff", 2],
    ["%C3=1", 1],
    ["a=1&&b=2&c=%ED%A0%80", 3],
    ["a=%C0%AF", 1],
    ["a=%F0%9F%98&b=1", 1],
    ["a=%E9t%E9", 1],
  ])("of %j are not UTF-8: a 400 that says which", async (text, field) => {
    const answer = await post(jsonApp(formBody), text, FORM);
    expect(answer).toMatchObject({ status: 400, body: { code: "ARGANIA_FORM", field } });
    expect(answer.body.detail).toBe(`The form is not valid UTF-8 (field ${field}).`);
  });

  it("that are not UTF-8 as they are, are a 400, too", async () => {
    const answer = await post(jsonApp(formBody), new Uint8Array([0x61, 0x3d, 0xff]), FORM);
    expect(answer).toMatchObject({ status: 400, body: { code: "ARGANIA_FORM" } });
  });

  it("are those of the URL Standard, where nothing is lost", () => {
    const part = fc.oneof(fc.string(), fc.constantFrom("a", "a[b]", "", "%", "%2", "+", "=", "ü%F0"));
    fc.assert(
      fc.property(fc.array(fc.tuple(part, part), { maxLength: 8 }), (pairs) => {
        const text = new URLSearchParams(pairs).toString();
        fc.pre(!pairs.some(([name]) => name === "__proto__"));
        const form = parse(text);
        const expected = new URLSearchParams(text);
        for (const name of expected.keys()) {
          expect([form[name]].flat()).toEqual(expected.getAll(name));
        }
        expect(Object.keys(form)).toHaveLength(new Set(expected.keys()).size);
      }),
    );
  });

  it("of any text never fail in another way than with a FormError", () => {
    // ASCII: Node reads other characters beside a stray percent sign wrongly.
    const character = fc.constantFrom(..."%%%&=+aF0Cc\0");
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 60 }), (text) => {
        try {
          const form = parse(text);
          const expected = new URLSearchParams(text);
          expect(Object.keys(form).sort()).toEqual([...new Set(expected.keys())].sort());
        } catch (error) {
          expect(error).toBeInstanceOf(FormError);
          expect([...new URLSearchParams(text)].flat().join("")).toContain("\uFFFD");
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("what a form must not have", () => {
  it.each(["__proto__=1", "a=1&__proto__=1&__proto__=2", "%5F_proto__=1", "__proto__"])(
    "%j is a 400",
    async (body) => {
      const app = jsonApp(formBody);
      const answer = await post(app, body, FORM);
      expect(answer).toMatchObject({ status: 400, body: { code: "ARGANIA_FORM" } });
      expect(app.values).toEqual([]);
    },
  );

  it("more fields than 1,000 by default, or than its own limit, empty ones not counted", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `a${index}=`).join("&&");
    expect((await post(jsonApp(formBody), many(1_000), FORM)).status).toBe(200);
    const answer = await post(jsonApp(formBody), many(1_001), FORM);
    expect(answer).toMatchObject({ status: 413, body: { code: "ARGANIA_FORM_LIMIT", limit: 1_000 } });
    const two = jsonApp(formBody.withFieldLimit(2)(anything));
    expect((await post(two, "a&b", FORM)).status).toBe(200);
    expect((await post(two, "a=1&a=2&a=3", FORM)).body).toMatchObject({ limit: 2 });
    expect((await post(jsonApp(formBody.withFieldLimit(0)), "&", FORM)).status).toBe(200);
  });

  it("more bytes than its limit", async () => {
    const answer = await post(jsonApp(formBody.withLimit(5)), "a=1234", FORM);
    expect(answer).toMatchObject({ status: 413, body: { code: "ARGANIA_BODY_LIMIT", limit: 5 } });
  });

  it("anything that takes more than linear time", () => {
    // A search of the rest for each field would look at a terabyte.
    const fields = `${"a&".repeat(500_000)}=`;
    expect(() => parseForm(bytes(fields), 1_000_000)).not.toThrow();
    expect(() => parseForm(bytes("%".repeat(1_000_000)), 1_000)).not.toThrow();
    expect(() => parseForm(bytes("+".repeat(1_000_000)), 1_000)).not.toThrow();
  });
});

const anything: StandardSchema<unknown, unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

describe("the content type", () => {
  const app = jsonApp(formBody);

  it.each([TYPE, TYPE.toUpperCase(), `${TYPE};charset=UTF-8`, `${TYPE}; charset="utf-8"`, `${TYPE};`])(
    "may be %j",
    async (type) => {
      expect((await post(app, "a=1", { "content-type": type })).status).toBe(200);
    },
  );

  it.each([
    "application/json",
    "text/plain",
    "multipart/form-data; boundary=a",
    `${TYPE}x`,
    `${TYPE}; charset=iso-8859-1`,
  ])("%j is a 415", async (type) => {
    const answer = await post(app, "a=1", { "content-type": type });
    expect([answer.status, answer.headers.get("accept")]).toEqual([415, TYPE]);
  });

  it("that is missing is a 400", async () => {
    expect(await post(app, "a=1", {})).toMatchObject({
      status: 400,
      body: { code: "ARGANIA_MISSING_HEADER" },
    });
  });

  it("of a compressed form is a 415", async () => {
    expect((await post(app, "a=1", { ...FORM, "content-encoding": "gzip" })).status).toBe(415);
  });
});

describe("a schema", () => {
  it.each([false, true])("makes a value of the fields (asynchronous: %s)", async (isAsync) => {
    const app = jsonApp(formBody(loginSchema(isAsync)));
    expect((await post(app, "name=x&other=1", FORM)).body).toEqual({ value: { name: "x" } });
    expect(await post(app, "name=x&name=y", FORM)).toMatchObject({
      status: 400,
      body: {
        code: "ARGANIA_FORM",
        detail: "The form is not valid.",
        issues: [{ path: "name", message: "Must be text." }],
      },
    });
  });

  it("can have a limit beside it", async () => {
    const app = jsonApp(formBody(loginSchema(), { limit: 8 }));
    expect((await post(app, "name=abc", FORM)).status).toBe(200);
    expect((await post(app, "name=abcd", FORM)).status).toBe(413);
  });
});

test("an empty body is a form without fields", async () => {
  for (const body of [undefined, "", new Uint8Array(0)] as (Body | undefined)[]) {
    expect((await post(jsonApp(formBody), body, FORM)).body).toEqual({ value: {} });
  }
});

test("mistakes are refused", () => {
  expect(() => formBody.withFieldLimit("5" as never)).toThrow(/number of fields, not a string/);
  expect(() => formBody.withFieldLimit(Number.NaN)).toThrow(RangeError);
  expect(() => formBody.withFieldLimit(-1)).toThrow(RangeError);
  expect(() => formBody.withLimit(1.5)).toThrow(/formBody\.withLimit/);
  expect(() => formBody({ limit: 5 } as never)).toThrow(/formBody\.withLimit\(10_000\)/);
  expect(() => formBody(undefined as never)).toThrow(TypeError);
});

test("errors tell what they are", () => {
  expect(new FormError("No.").issues).toEqual([]);
  expect(new FormLimitError(3).limit).toBe(3);
  expect(new BodyLimitError(3).limit).toBe(3);
});
