import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { queryParams, type StandardSchema } from "argania";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { serve } from "./serve.ts";
import { withJsonSchema } from "./with-json-schema.ts";

const ask = (schema: StandardSchema, query: string) => serve(queryParams(schema)).get(`/?${query}`);

describe("a name that a schema does not have stays a text, where it is kept", () => {
  const tagged = type({ k: "'a'", n: "number" }).or({ k: "'b'" });
  const loose = v.union([
    v.looseObject({ k: v.literal("a"), n: v.number() }),
    v.looseObject({ k: v.literal("b") }),
  ]);
  it.each<[string, StandardSchema, string, object]>([
    ["arktype", type({ n: "number" }), "n=1&m=007", { n: 1, m: "007" }],
    ["arktype's variant", tagged, "k=b&n=007", { k: "b", n: "007" }],
    ["arktype's other variant", tagged, "k=a&n=007", { k: "a", n: 7 }],
    ["arktype's intersection", tagged.and({ m: "boolean" }), "k=b&n=007&m=1", { k: "b", n: "007", m: true }],
    ["arktype, untagged", type({ a: "number" }).or({ b: "string" }), "a=1", { a: 1 }],
    ["arktype, untagged, the other", type({ a: "number" }).or({ b: "string" }), "b=1", { b: "1" }],
    [
      "arktype, untagged, as both",
      type({ a: "number" }).or({ b: "string" }),
      "a=01&b=x",
      { a: "01", b: "x" },
    ],
    [
      "arktype by numbers",
      type({ k: "1", n: "number" }).or({ k: "2", n: "string" }),
      "k=1&n=7",
      { k: 1, n: 7 },
    ],
    [
      "arktype by numbers, the other",
      type({ k: "1", n: "number" }).or({ k: "2", n: "string" }),
      "k=2&n=7",
      { k: 2, n: "7" },
    ],
    ["valibot's loose objects", toStandardJsonSchema(loose), "k=b&n=007", { k: "b", n: "007" }],
    ["valibot's loose objects, the other", toStandardJsonSchema(loose), "k=a&n=007", { k: "a", n: 7 }],
    [
      "zod's loose object",
      z.union([z.object({ k: z.literal("a"), n: z.number() }), z.looseObject({ k: z.literal("b") })]),
      "k=b&n=007",
      { k: "b", n: "007" },
    ],
    [
      "a pair of loose objects",
      z.looseObject({ a: z.number() }).and(z.looseObject({ b: z.boolean() })),
      "a=1&b=1&c=1",
      { a: 1, b: true, c: "1" },
    ],
  ])("%s", async (_, schema, query, body) => {
    expect(await ask(schema, query)).toEqual({ status: 200, body });
  });
});

describe("of variants that differ in their names or words, the one that is meant decides", () => {
  const shapes = [
    z.object({ kind: z.literal("circle"), r: z.number() }),
    z.object({ kind: z.enum(["square", "cube"]), r: z.string() }),
  ] as const;
  const nested = z.discriminatedUnion("kind", [
    z.discriminatedUnion("form", [
      z.object({ kind: z.literal("a"), form: z.literal("x"), n: z.number() }),
      z.object({ kind: z.literal("a"), form: z.literal("y"), n: z.string() }),
    ]),
    z.object({ kind: z.literal("b"), n: z.boolean() }),
  ]);
  const variant = v.variant("k", [
    v.object({ k: v.literal("a"), n: v.number() }),
    v.object({ k: v.literal("b") }),
  ]);
  const options = v.union([
    v.pipe(
      v.object({ n: v.optional(v.number()) }),
      v.check(({ n }) => n !== undefined),
    ),
    v.object({ q: v.optional(v.string()) }),
  ]);
  const zodOptions = z.union([
    z.object({ n: z.number().optional() }).refine(({ n }) => n !== undefined),
    z.object({ q: z.string().optional() }),
  ]);
  it.each<[string, StandardSchema, string, object]>([
    ["a union", z.discriminatedUnion("kind", shapes), "kind=circle&r=1", { kind: "circle", r: 1 }],
    ["a union, the other", z.discriminatedUnion("kind", shapes), "kind=cube&r=1", { kind: "cube", r: "1" }],
    [
      "a union and more",
      z.union(shapes).and(z.object({ m: z.number() })),
      "kind=circle&r=1&m=2",
      { kind: "circle", r: 1, m: 2 },
    ],
    ["unions in a union, x", nested, "kind=a&form=x&n=1", { kind: "a", form: "x", n: 1 }],
    ["unions in a union, y", nested, "kind=a&form=y&n=1", { kind: "a", form: "y", n: "1" }],
    ["unions in a union, b", nested, "kind=b&n=1", { kind: "b", n: true }],
    ["valibot's variant", toStandardJsonSchema(variant), "k=a&n=1", { k: "a", n: 1 }],
    ["valibot, one name or another", toStandardJsonSchema(options), "n=1", { n: 1 }],
    [
      "valibot, within pipes",
      toStandardJsonSchema(
        v.pipe(
          options,
          v.check(() => true),
        ),
      ),
      "n=1",
      { n: 1 },
    ],
    ["zod, one name or another", zodOptions, "n=1", { n: 1 }],
    [
      "text or number, by a name that is missing",
      z.union([z.object({ a: z.number() }), z.object({ a: z.string(), b: z.string() })]),
      "a=1",
      { a: 1 },
    ],
    [
      "text or number, with all names",
      z.union([z.object({ a: z.string(), b: z.string() }), z.object({ a: z.number() })]),
      "a=1&b=1",
      { a: "1", b: "1" },
    ],
  ])("%s", async (_, schema, query, body) => {
    expect(await ask(schema, query)).toEqual({ status: 200, body });
  });

  it("without one that is meant, the schema's own messages tell so", async () => {
    expect((await ask(z.discriminatedUnion("kind", shapes), "kind=x&r=1")).status).toBe(400);
    expect((await ask(z.discriminatedUnion("kind", shapes), "r=1")).status).toBe(400);
    expect((await ask(z.discriminatedUnion("kind", shapes), "kind=circle&kind=cube&r=1")).status).toBe(400);
  });

  it("many unions at once are no work of many pairs", async () => {
    const choice = (name: string) => ({
      oneOf: Array.from({ length: 20 }, (__, at) => ({
        type: "object",
        properties: { [name]: { const: `${at}` }, n: { type: "number" } },
      })),
    });
    const all = { allOf: Array.from({ length: 20 }, (__, at) => choice(`k${at}`)) };
    const answer = await ask(withJsonSchema(v.any(), all), "k0=1&k1=2&n=1");
    expect(answer.body).toEqual({ k0: "1", k1: "2", n: 1 });
  });
});
