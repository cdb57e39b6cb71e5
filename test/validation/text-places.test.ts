import { _get, json, pathParams, queryParams, Resource, type StandardSchema } from "argania";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { serve } from "./serve.ts";
import { withJsonSchema } from "./with-json-schema.ts";

/** What a schema is given for a query. */
async function given(schema: StandardSchema, query: string): Promise<unknown> {
  let seen: unknown;
  const spy = { "~standard": { ...schema["~standard"], validate: (value: unknown) => (seen = { value }) } };
  const root = new Resource("/").setHandlerFor(_get.to([queryParams(spy as never)], () => null));
  await root.intoService().request(`/?${query}`);
  return (seen as { value: unknown }).value;
}

const object = (a: z.ZodType) => z.object({ a });

describe("zod: a place with", () => {
  it.each<[string, z.ZodType, string, unknown]>([
    ["an integer", z.int(), "1", 1],
    ["a number that may be null", z.number().nullable(), "1", 1],
    ["null for which there is no text", z.number().nullable(), "null", "null"],
    ["a number that may be undefined", z.union([z.number(), z.undefined()]), "1", 1],
    ["a default", z.number().default(5), "1", 1],
    ["something to catch", z.number().catch(5), "1", 1],
    [
      "a brand and a check",
      z
        .number()
        .refine(() => true)
        .brand("x"),
      "1",
      1,
    ],
    ["a transform behind it", z.number().transform(String), "1", 1],
    ["an enum of numbers", z.enum({ A: 1, B: 2 }), "2", 2],
    ["a number that is not in the enum", z.enum({ A: 1, B: 2 }), "3", "3"],
    ["an enum of both", z.enum({ A: 1, B: "2" }), "2", "2"],
    ["the number of an enum of both", z.enum({ A: 1, B: "2" }), "1", 1],
    ["number or boolean", z.union([z.number(), z.boolean()]), "1", 1],
    ["boolean or number", z.union([z.number(), z.boolean()]), "true", true],
    ["the one boolean", z.literal(true), "on", true],
    ["the other boolean", z.literal(true), "off", "off"],
    ["number or numbers", z.union([z.number(), z.array(z.number())]), "1", 1],
    ["numbers or a word", z.union([z.literal("all"), z.array(z.number())]), "1", [1]],
    ["a word or numbers", z.union([z.literal("all"), z.array(z.number())]), "all", "all"],
    ["no number and no word", z.union([z.literal("all"), z.array(z.number())]), "x", "x"],
    ["texts in an array", z.array(z.string()), "1", ["1"]],
    ["what may be an array of texts", z.array(z.string()).optional(), "1", ["1"]],
    ["a tuple", z.tuple([z.boolean()]).rest(z.number()), "1", [true]],
    ["an id", z.number().meta({ id: "ofNumber" }), "1", 1],
    ["a lazy schema", z.lazy(() => z.number()), "1", 1],
    // Whatever takes texts gets them.
    ["text", z.string(), "1", "1"],
    ["text that becomes a number", z.string().transform(Number).pipe(z.number()), "1", "1"],
    ["text or number", z.union([z.string(), z.number()]), "1", "1"],
    ["text or numbers", z.union([z.string(), z.array(z.number())]), "1", "1"],
    ["a codec", z.codec(z.string(), z.number(), { decode: Number, encode: String }), "1", "1"],
    ["stringbool", z.stringbool(), "1", "1"],
    ["anything", z.any(), "1", "1"],
    ["unknown", z.unknown(), "1", "1"],
    ["a class", z.instanceof(URL), "1", "1"],
    ["a date", z.date(), "1", "1"],
    ["a bigint", z.bigint(), "1", "1"],
    ["nothing", z.never(), "1", "1"],
    ["an object", z.object({ b: z.number() }), "1", "1"],
    ["JSON", z.json(), "1", "1"],
    ["a preprocessed array", z.preprocess((text) => String(text).split(","), z.array(z.number())), "1", "1"],
    ["a preprocessed number", z.preprocess(Number, z.number()).optional(), "1", "1"],
    ["a coerced number", z.coerce.number(), "1", "1"],
    ["a coerced boolean", z.coerce.boolean().default(true), "false", "false"],
    ["a coerced date", z.coerce.date(), "1", "1"],
    ["a coerced array's items", z.array(z.coerce.number()), "1", ["1"]],
  ])("%s", async (_, place, text, expected) => {
    expect(await given(object(place), `a=${text}`)).toEqual({ a: expected });
  });

  it("items of their own: a repeated name", async () => {
    expect(await given(object(z.tuple([z.boolean()]).rest(z.number())), "a=1&a=1&a=x")).toEqual({
      a: [true, 1, "x"],
    });
    expect(await given(object(z.union([z.string(), z.array(z.number())])), "a=1&a=2")).toEqual({ a: [1, 2] });
  });
});

test.each([
  ["", 0],
  ["0x10", 16],
  ["9007199254740993", 9_007_199_254_740_992],
  ["42", 42],
])("coerced numbers are zod's business, as ever: %s", async (text, expected) => {
  const app = serve(queryParams(object(z.coerce.number())));
  expect((await app.get(`/?a=${text}`)).body).toEqual({ a: expected });
});

describe("the whole", () => {
  const variants = z.discriminatedUnion("k", [
    z.object({ k: z.literal("a"), n: z.number(), both: z.number() }),
    z.object({ k: z.literal("b"), both: z.string() }),
  ]);
  it.each<[string, StandardSchema, string, unknown]>([
    ["a record", z.record(z.string(), z.number()), "a=1&b=x", { a: 1, b: "x" }],
    ["a loose object", z.looseObject({ a: z.number() }), "a=1&b=2", { a: 1, b: "2" }],
    ["a rest", z.object({ a: z.string() }).catchall(z.number()), "a=1&b=2", { a: "1", b: 2 }],
    ["an intersection", object(z.number()).and(z.object({ b: z.boolean() })), "a=1&b=1", { a: 1, b: true }],
    ["variants", variants, "k=a&n=1&both=2", { k: "a", n: 1, both: 2 }],
    ["the other variant", variants, "k=b&n=1&both=2", { k: "b", n: "1", both: "2" }],
    ["no variant", variants, "k=c&n=1&both=2", { k: "c", n: 1, both: "2" }],
    ["an object or anything", z.union([object(z.number()), z.any()]), "a=1", { a: "1" }],
    ["preprocessed", z.preprocess((all) => all, object(z.number())), "a=1", { a: "1" }],
    ["no object", z.string(), "a=1", { a: "1" }],
    ["arktype's index", type({ "[string]": "number" }), "a=1", { a: 1 }],
    ["arktype's union", type({ k: "'a'", n: "number" }).or({ k: "'b'" }), "k=a&n=1", { k: "a", n: 1 }],
    ["arktype, itself inside", type({ n: "number", "kids?": "this[]" }), "n=1", { n: 1 }],
    ["arktype's undefined", type({ a: "number | undefined" }), "a=1", { a: 1 }],
    [
      "arktype's morphs",
      type({ a: "string.integer.parse", b: "Date", c: "number" }),
      "a=1&c=1",
      { a: "1", c: 1 },
    ],
    ["arktype's reading of numbers", type({ a: type("number").pipe(String) }), "a=1", { a: 1 }],
  ])("%s", async (_, schema, query, expected) => {
    expect(await given(schema, query)).toEqual(expected);
  });

  it("zod, itself inside", async () => {
    const Tree = z.object({
      n: z.number(),
      get kids() {
        return z.array(Tree).optional();
      },
    });
    expect(await given(Tree, "n=1&kids=2")).toEqual({ n: 1, kids: ["2"] });
  });
});

const VALIBOT = { errorMode: "ignore", overrideSchema: expect.any(Function) };

describe("JSON Schema of any library", () => {
  const described = (input: unknown) => withJsonSchema(v.any(), input);
  const properties = (a: unknown, others: object = {}) =>
    described({ type: "object", properties: { a }, ...others });

  it.each<[string, StandardSchema, unknown]>([
    ["references", properties({ $ref: "#/$defs/a~1b%20" }, { $defs: { "a/b ": { type: "number" } } }), 1],
    ["references that lead nowhere", properties({ $ref: "#/$defs/constructor" }, { $defs: {} }), "1"],
    ["references elsewhere", properties({ $ref: "https://example.com/a" }), "1"],
    ["a broken reference", properties({ $ref: "#/%E0%A4" }), "1"],
    [
      "a reference to itself",
      properties({ $ref: "#/$defs/a" }, { $defs: { a: { $ref: "#/$defs/a" } } }),
      "1",
    ],
    [
      "a whole by reference",
      described({ $ref: "#/$defs/o", $defs: { o: { properties: { a: { type: "integer" } } } } }),
      1,
    ],
    ["a whole inside itself", described({ $ref: "#" }), "1"],
    ["numbers in numbers", properties({ allOf: [{ type: ["number", "string"] }, { type: "number" }] }), 1],
    ["false", properties(false), "1"],
    ["true", properties(true), "1"],
    ["what is no schema", properties(5), "1"],
    ["null for a whole", described(null), "1"],
    ["false for a whole", described(false), "1"],
    ["no object", described({ type: "array" }), "1"],
    ["no alternative", described({ anyOf: [{ type: "array" }, false] }), "1"],
    [
      "patterns of names",
      described({
        type: "object",
        patternProperties: { "^a": {} },
        additionalProperties: { type: "number" },
      }),
      "1",
    ],
    ["lists in a list", properties({ enum: [[1], [2]] }), ["1"]],
  ])("%s", async (_, schema, expected) => {
    expect(await given(schema, "a=1")).toEqual({ a: expected });
  });

  it("is asked for once, with what each library wants to be told", async () => {
    const asked: unknown[] = [];
    const schema = withJsonSchema(v.object({ a: v.number() }), (options: unknown) => {
      asked.push(options);
      return { properties: { a: { type: "number" } } };
    });
    const app = serve(queryParams(schema));
    expect([(await app.get("/?a=1")).body, (await app.get("/?a=2")).body]).toEqual([{ a: 1 }, { a: 2 }]);
    expect(asked).toEqual([{ target: "draft-2020-12", libraryOptions: VALIBOT }]);
  });
});

describe("names of prototypes", () => {
  const names = JSON.parse(
    '{"__proto__":{"type":"number"},"constructor":{"type":"number"},"toString":{"type":"number"}}',
  );
  it.each([
    ["known names", { type: "object", properties: names }],
    ["any names", { type: "object", additionalProperties: { type: "number" } }],
  ])("are names like any other: %s", async (_, input) => {
    const schema = withJsonSchema(v.any(), input);
    const value = (await given(schema, "constructor=1&__proto__=2&toString=3")) as object;
    expect(Object.entries(value)).toEqual([
      ["constructor", 1],
      ["toString", 3],
    ]);
    expect(["hasOwnProperty" in value, "__proto__" in value]).toEqual([false, false]);
    expect(await given(schema, "")).toEqual({});
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });
});

test("the request's own values stay texts", async () => {
  const root = new Resource("/{a}").setHandlerFor(
    _get.to([pathParams(z.looseObject({ a: z.number() }))], (converted, { params }) =>
      json([converted, params]),
    ),
  );
  expect(await (await root.intoService().request("/1")).json()).toEqual([{ a: 1 }, { a: "1" }]);
});
