import "argania/fastest-validator";
import { formBody, jsonBody, pathParams, queryParams } from "argania";
import { loadConfig } from "argania/app";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const takers: Record<string, (schema: never) => unknown> = { jsonBody, formBody, queryParams, pathParams };

describe.each(Object.entries(takers))("%s", (name, take) => {
  test.each<[string, object, RegExp]>([
    ["zod", { name: z.string() }, /"name" is a schema of zod: write z\.object\(\{ … \}\) around it/],
    ["zod, among rules", { id: "number", at: z.date() }, /"at" is a schema of zod/],
    ["valibot", { name: v.string() }, /"name" is a schema of valibot: write v\.object\(/],
    ["arktype", { name: type("string") }, /"name" is a schema of arktype: write type\(/],
  ])("wants an object schema around fields of %s", (_, fields, message) => {
    const make = () => take(fields as never);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
    expect(make).toThrow(new RegExp(`^${name} `));
  });

  test.each<[string, object]>([
    ["with properties", { type: "object", properties: { name: { type: "string" } }, required: ["name"] }],
    ["with its dialect", { $schema: "https://json-schema.org/draft/2020-12/schema", type: "array" }],
  ])("knows a JSON Schema %s", (_, schema) => {
    expect(() => take(schema as never)).toThrow(/looks like a JSON Schema.*z\.fromJSONSchema/);
  });
});

test.each<[string, object]>([
  ["fields of these names", { type: "object", properties: { type: "array" } }],
  ["nested rules", { type: "object", properties: { $$type: "object", name: "string" } }],
  ["a whole value", { $$root: true, type: "object", properties: { name: "string" } }],
  ["a field with a dollar", { $schema: "string" }],
])("rules for %s are rules", (_, rules) => {
  expect(() => jsonBody(rules as never)).not.toThrow();
});

test("loadConfig is told the option that its schema is", async () => {
  const load = (schema: object) => loadConfig({ schema: schema as never, files: false, env: {} });
  await expect(load({ a: z.string() })).rejects.toThrow("loadConfig({ schema: z.object({ … }) })");
  await expect(load("text" as never)).rejects.toThrow("write loadConfig({ schema: z.object({ … }) })");
});
