import { queryParams, type StandardSchema } from "argania";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { z } from "zod";
import { serve } from "./serve.ts";
import { withJsonSchema } from "./with-json-schema.ts";

const warnings: string[] = [];

beforeEach(() => {
  warnings.length = 0;
  vi.spyOn(process, "emitWarning").mockImplementation(((message: string, options: { code: string }) => {
    warnings.push(`${options.code} ${message}`);
  }) as never);
});
afterEach(() => vi.restoreAllMocks());

const asked = async (a: z.ZodType, text: string) =>
  (await serve(queryParams(z.object({ a }))).get(`/?a=${text}`)).body;

describe("zod's metadata are for documents, and no part of what a schema takes", () => {
  it.each<[string, z.ZodType, string, unknown]>([
    ["a transform", z.string().transform(Number).meta({ type: "integer" }), "7", 7],
    ["stringbool", z.stringbool().meta({ type: "boolean" }), "yes", true],
    ["stringbool, 1", z.stringbool().meta({ type: "boolean" }), "1", true],
    [
      "a codec",
      z.codec(z.string(), z.int(), { decode: Number, encode: String }).meta({ type: "integer" }),
      "7",
      7,
    ],
    ["text", z.string().meta({ type: "integer" }), "007", "007"],
    ["text by a list", z.string().meta({ enum: [1, 2] }), "1", "1"],
    ["a number", z.number().meta({ type: "string" }), "7", 7],
    ["a number inside", z.optional(z.number().meta({ anyOf: [{ type: "string" }] })), "7", 7],
    ["a preprocessed number", z.preprocess(Number, z.number()).meta({ type: "integer" }), "7", 7],
    ["a class", z.custom((value) => value === "7").meta({ type: "integer" }), "7", "7"],
  ])("%s", async (_, place, text, expected) => {
    expect(await asked(place, text)).toEqual({ a: expected });
  });

  it("not for the whole either", async () => {
    const whole = z.object({ a: z.number() }).meta({ type: "array", properties: { a: { type: "string" } } });
    expect((await serve(queryParams(whole)).get("/?a=7")).body).toEqual({ a: 7 });
  });
});

describe("what zod's JSON Schema cannot hold hides no other place", () => {
  const page = z.number();
  it.each<[string, z.ZodType]>([
    ["a BigInt for a default", z.object({ page, big: z.bigint().default(1n).transform(String) })],
    ["a BigInt to begin with", z.object({ page, big: z.bigint().prefault(1n).transform(String) })],
    ["a BigInt to catch", z.object({ page, big: z.bigint().catch(1n).transform(String) })],
    [
      "a catch that is computed",
      z.object({
        page,
        big: z
          .string()
          .catch(() => String(1n))
          .default("1"),
      }),
    ],
    ["a BigInt for an example", z.object({ page, big: z.string().default("1").meta({ example: 1n }) })],
    [
      "a BigInt in examples",
      z.object({
        page,
        big: z
          .string()
          .default("1")
          .meta({ examples: [1n] as never }),
      }),
    ],
    [
      "an id that two have",
      z.object({
        page: z.number().meta({ id: "twice" }),
        big: z.string().default("1").meta({ id: "twice" }),
      }),
    ],
  ])("%s", async (_, schema) => {
    const app = serve(queryParams(schema));
    expect(await app.get("/?page=2")).toEqual({ status: 200, body: { page: 2, big: "1" } });
    expect(warnings).toEqual([]);
  });
});

test("a description that fails is warned of once, and the schema gets the texts", async () => {
  const schema: StandardSchema = withJsonSchema(v.object({ page: v.number() }), () => {
    throw new Error("No way to describe it.");
  });
  const app = serve(queryParams(schema));
  expect([(await app.get("/?page=2")).status, (await app.get("/?page=3")).status]).toEqual([400, 400]);
  expect(warnings).toEqual([
    expect.stringMatching(/^ARGANIA_UNDESCRIBED_SCHEMA A schema of valibot .*\(No way to describe it\.\)/),
  ]);
});
