import "argania/fastest-validator";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, loadConfig } from "argania/app";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { folderWith } from "./config-folder.ts";

const SECRET = "hunter2-s3cret";

async function refusalOf(promise: Promise<unknown>): Promise<ConfigError> {
  const error = await promise.then(
    () => expect.unreachable("it was accepted"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const seen = JSON.stringify([
    (error as ConfigError).issues,
    (error as Error).message,
    (error as Error).cause,
  ]);
  expect(seen).not.toContain("hunter2");
  return error as ConfigError;
}

describe("files that cannot be read are named, and nothing of them is repeated", () => {
  test.each([
    ["default.json", `{ "password": "${SECRET}" "x": 1 }`, /not valid JSON \(line 1, column 32\)/],
    ["default.json", "", /not valid JSON \(line 1, column 1\)/],
    ["default.json", '{ "__proto__": { "a": 1 } }', /__proto__/],
    ["default.json", `"${SECRET}"`, /a configuration is an object/],
    ["default.json", "null", /a configuration is an object/],
    ["default.yaml", `a: 1\npassword: "${SECRET}\n`, /not valid YAML \(line 3, column 1: missing char\)/],
    ["default.yaml", `a: 1\na: ${SECRET}\n`, /line 2, column 1: duplicate key/],
    ["default.yaml", `a: !!js/function ${SECRET}`, /tag resolve failed/],
    ["default.yaml", `a: *${SECRET}`, /alias/],
    ["default.yaml", `a: 1\n---\nb: ${SECRET}`, /multiple docs/],
    ["default.yaml", `- ${SECRET}`, /a configuration is an object/],
    ["default.yaml", "__proto__: { a: 1 }", /may have this name/],
    [
      "default.yaml",
      "a: [{ constructor: { prototype: { b: 1 } } }]",
      /a\.0\.constructor.*may have this name/,
    ],
    ["default.yaml", "a: &a\n  b: *a", /nested more than 64/],
    ["default.yaml", `a: ${"[".repeat(70)}${"]".repeat(70)}`, /nested more than 64/],
    ["default.json", "\u0000", /not valid JSON/],
    ["default.json", `{"a":[${"0,".repeat(100_000)}0]}`, /more than 100000 values/],
    ["default.ts", `export default { password: "${SECRET}" }`, /files are read in json, yaml/],
  ])("%s %j", async (name, text, message) => {
    const dir = folderWith({ [name]: text });
    const error = await refusalOf(loadConfig({ dir, environment: "test", env: {} }));
    expect(error.message).toMatch(message);
    expect(error.issues[0]?.source).toBe(`${dir}/${name}`);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  test("a few lines of aliases do not become millions of values", async () => {
    const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level <= 9; level++) {
      bomb.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(", ")}]`,
      );
    }
    const dir = folderWith({ "default.yaml": bomb.join("\n") });
    expect((await refusalOf(loadConfig({ dir, env: {} }))).message).toMatch(/too many|more than/);
  });

  test("bytes that are no UTF-8, large files, directories", async () => {
    const { writeFileSync } = await import("node:fs");
    const dir = folderWith({});
    writeFileSync(join(dir, "default.json"), Buffer.from([0x22, 0xff, 0x22]));
    expect((await refusalOf(loadConfig({ dir, env: {} }))).message).toMatch(/UTF-8/);
    writeFileSync(join(dir, "default.json"), `"${"x".repeat(1_048_576)}"`);
    expect((await refusalOf(loadConfig({ dir, env: {} }))).message).toMatch(/1 MiB/);
    mkdirSync(join(dir, "local.json"));
    writeFileSync(join(dir, "default.json"), "{}");
    expect((await refusalOf(loadConfig({ dir, env: {} }))).message).toMatch(/EISDIR/);
  });

  test("directories that are not there, or files that may not be read", async () => {
    expect((await refusalOf(loadConfig({ dir: "/nowhere/at/all", env: {} }))).message).toMatch(/ENOENT/);
    const dir = folderWith({ "default.json": "{}" });
    chmodSync(join(dir, "default.json"), 0);
    if (process.getuid?.() !== 0) {
      expect((await refusalOf(loadConfig({ dir, env: {} }))).message).toMatch(/EACCES/);
    }
  });

  test("two files for one purpose", async () => {
    const dir = folderWith({ "default.json": "{}", "default.yaml": "" });
    expect((await refusalOf(loadConfig({ dir, env: {} }))).message).toMatch(/keep one of them/);
  });

  test("what a parser of one's own says is kept back, but for the place", async () => {
    const dir = folderWith({ "default.toml": SECRET });
    const fail = (error: unknown) =>
      loadConfig({ dir, env: {}, parsers: { toml: () => Promise.reject(error) } });
    const error = Object.assign(new Error(SECRET), { line: 3, column: 7 });
    expect((await refusalOf(fail(error))).message).toMatch(/cannot be parsed \(line 3, column 7\)/);
    expect((await refusalOf(fail(new Error(SECRET)))).message).toMatch(/cannot be parsed\./);
    expect((await refusalOf(fail(undefined))).message).toMatch(/cannot be parsed\./);
  });
});

describe("a schema", () => {
  const files = { "default.yaml": `database:\n  password: ${SECRET}\n  size: 5\n` };
  const env = { ARGANIA__DATABASE__KEY: SECRET };
  const load = (schema: never) => loadConfig({ dir: folderWith(files), environment: "test", env, schema });

  test.each([
    ["zod", z.object({ database: z.object({ password: z.number(), key: z.enum(["a"]), url: z.string() }) })],
    [
      "valibot",
      v.object({ database: v.object({ password: v.number(), key: v.picklist(["a"]), url: v.string() }) }),
    ],
    ["arktype", type({ database: { password: "number", key: "'a'", url: "string" } })],
    [
      "fastest-validator",
      {
        database: {
          $$type: "object",
          password: "number",
          key: { type: "enum", values: ["a"] },
          url: "string",
        },
      },
    ],
  ])("of %s: every issue names its place and source, without values", async (_, schema) => {
    const { issues, message } = await refusalOf(load(schema as never));
    expect(Object.fromEntries(issues.map(({ path, source }) => [path, source]))).toEqual({
      "database.password": expect.stringMatching(/default\.yaml$/),
      "database.key": "ARGANIA__DATABASE__KEY",
      "database.url": expect.stringMatching(/default\.yaml$/),
    });
    expect(message).toMatch(/database\.key \(ARGANIA__DATABASE__KEY\): /);
  });

  test("that quotes a value around the place, or the beginning of one, is kept from it", async () => {
    const whole = z
      .looseObject({})
      .refine(() => false, { error: ({ input }) => `Not ${JSON.stringify(input)}` });
    expect((await refusalOf(load(whole as never))).message).toContain('"password":"…"');
    const cut = z.looseObject({}).refine(() => false, { error: () => `Not ${SECRET.slice(0, 10)}...` });
    await refusalOf(load(cut as never));
  });

  test("gets what rules convert, and defaults", async () => {
    const schema = {
      database: { $$type: "object", size: "number", pool: { type: "number", default: 3 } },
      port: "number",
    } as const;
    const config = await loadConfig({
      dir: folderWith(files),
      environment: "test",
      env: { ARGANIA__PORT: "80" },
      schema,
    });
    expect(config).toEqual({ database: { size: 5, pool: 3 }, port: 80, server: {} });
  });

  test("may be asynchronous, and does not see the section server", async () => {
    const schema = z.strictObject({ a: z.string().refine(async (text) => text === "x") });
    const config = await loadConfig({
      files: false,
      env: {},
      defaults: { a: "x", server: { port: 1 } },
      schema,
    });
    expect(config).toEqual({ a: "x", server: { port: 1 } });
  });

  test.each([z.string().optional(), z.any().transform(() => 7), z.any().transform(() => ({ server: 1 }))])(
    "that makes no configuration is refused",
    async (schema) => {
      const load = loadConfig({ files: false, env: {}, schema: schema as never });
      await expect(load).rejects.toThrow(schema instanceof z.ZodOptional ? ConfigError : TypeError);
    },
  );
});

test.each([
  [{ schema: undefined }, /loadConfig takes a schema/],
  [{ schema: 7 }, /loadConfig takes a schema/],
  [{ directory: "x" }, /loadConfig has no option "directory"/],
  [{ envPrefix: "" }, /envPrefix/],
  [{ envPrefix: "a b" }, /envPrefix/],
  [7, /an object of options/],
])("options that do not exist are refused: %j", async (options, message) => {
  await expect(loadConfig(options as never)).rejects.toThrow(message);
  await expect(loadConfig(options as never)).rejects.toBeInstanceOf(TypeError);
});

test("defaults and overrides are configurations", async () => {
  expect((await refusalOf(loadConfig({ files: false, env: {}, defaults: [SECRET] }))).issues[0]?.source).toBe(
    "defaults",
  );
  expect(
    (await refusalOf(loadConfig({ files: false, env: {}, overrides: new Map() }))).issues[0]?.source,
  ).toBe("overrides");
});
