import { ConfigError, currentEnvironment, loadConfig } from "argania/app";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { folderWith } from "./config-folder.ts";

const FILES = {
  "default.yaml": "database:\n  url: default\n  maxSize: 5\n  hosts: [a, b]\nlog: true\n",
  "production.json": '{ "database": { "url": "production", "hosts": ["c"] } }',
  "test.yml": "database: { url: test }\n",
  "local.yaml": "database:\n  url: local\n",
  "production.key": "no configuration",
  "default.yaml~": "none: an editor left it here",
  "default.old.yaml": "none: either",
};
const load = (environment: string, env: Record<string, string> = {}, files: Record<string, string> = FILES) =>
  loadConfig({ dir: folderWith(files), environment, env });

describe("files", () => {
  test("are default, then the environment's, then local, each over the one before it", async () => {
    const config = await load("production");
    expect(config).toEqual({
      database: { url: "local", maxSize: 5, hosts: ["c"] },
      log: true,
      server: {},
    });
  });

  test("of one machine play no part in tests", async () => {
    expect((await load("test")).database).toEqual({ url: "test", maxSize: 5, hosts: ["a", "b"] });
  });

  test("may be missing, and so may the directory that nobody named", async () => {
    expect(await loadConfig({ dir: folderWith({}), environment: "production", env: {} })).toEqual({
      server: {},
    });
    expect(await loadConfig({ env: {} })).toEqual({ server: {} });
    expect(await loadConfig({ dir: "/nowhere", files: false, env: {} })).toEqual({ server: {} });
  });

  test("of the usual environments may be missing, one that nobody has heard of is refused", async () => {
    const files = { "default.json": "{}", "production.json": "{}" };
    await load("development", {}, files);
    await expect(load("prodcution", {}, files)).rejects.toThrow(/prodcution.*no file for this environment/);
    await load("staging", {}, { ...files, "staging.json": "{}" });
  });

  test("that are empty, or have a byte order mark, are read", async () => {
    expect(await load("test", {}, { "default.yaml": "# nothing\n" })).toEqual({ server: {} });
    expect(await load("test", {}, { "default.json": '\uFEFF{"a":1}' })).toEqual({ a: 1, server: {} });
  });

  test("in YAML have merge keys, and texts that look like booleans elsewhere", async () => {
    const text = "base: &base { size: 1 }\nmain:\n  <<: *base\n  country: no\n";
    expect((await load("test", {}, { "default.yaml": text })).main).toEqual({ size: 1, country: "no" });
  });

  test("of other formats are read by parsers of one's own", async () => {
    const dir = folderWith({ "default.ini": "a=1\nb=2" });
    const ini = (text: string) => Object.fromEntries(text.split("\n").map((line) => line.split("=")));
    const config = await loadConfig({ dir, environment: "test", env: {}, parsers: { ini } });
    expect(config).toEqual({ a: "1", b: "2", server: {} });
  });

  test("lie beneath overrides and over defaults", async () => {
    const config = await loadConfig({
      dir: folderWith({ "default.json": '{"a":"file","b":"file","c":{"d":1}}' }),
      environment: "test",
      env: { ARGANIA__B: "variable", ARGANIA__A: "variable" },
      defaults: { a: "default", e: new Date(0) },
      overrides: { b: "override", c: { f: undefined } },
    });
    expect(config).toEqual({ a: "variable", b: "override", c: { d: 1 }, e: new Date(0), server: {} });
  });
});

describe("variables", () => {
  test("become what the value is that they replace", async () => {
    const files = { "default.json": '{"n":1,"b":false,"l":["x"],"o":{"p":1,"q":2},"t":"x","u":null}' };
    const env = {
      ARGANIA__N: "-2.5e1",
      ARGANIA__B: "true",
      ARGANIA__L: '["y", 2]',
      ARGANIA__O: '{"p":3}',
      ARGANIA__T: "12",
      ARGANIA__U: "13",
      ARGANIA__NEW: "0014",
      ARGANIA__o__p2: "15",
    };
    expect(await load("test", env, files)).toEqual({
      n: -25,
      b: true,
      l: ["y", 2],
      o: { p: 3, q: 2, p2: "15" },
      t: "12",
      u: "13",
      new: "0014",
      server: {},
    });
  });

  test("find names however they are spelled, and make camel case of others", async () => {
    const env = {
      SHOP__DATABASE__MAX_SIZE: "9",
      SHOP__DATABASE__POOL_MIN_IDLE: "1",
      SHOP__LOG_FILE: "x",
      SHOP__cacheSize: "2",
      SHOP_PORT: "tcp://10.0.0.1:80",
      SHOPPING__X: "other",
    };
    const files = { "default.json": '{"database":{"maxSize":5},"log-file":"y"}' };
    const config = await loadConfig({ dir: folderWith(files), environment: "test", env, envPrefix: "SHOP" });
    expect(config).toEqual({
      database: { maxSize: 9, poolMinIdle: "1" },
      "log-file": "x",
      cacheSize: "2",
      server: {},
    });
  });

  test("may have names of their own, beneath those with the prefix", async () => {
    const env = { PORT: "3000", DATABASE_URL: "named", ARGANIA__DATABASE__URL: "prefixed" };
    const envNames = { PORT: "server.port", DATABASE_URL: "database.url", MISSING: "database.size" };
    const config = await loadConfig({ env, envNames, files: false });
    expect(config).toEqual({ database: { url: "prefixed" }, server: { port: 3_000 } });
  });

  test.each([
    ["n", "must be a number", { ARGANIA__N: "12 s3cret" }],
    ["n", "must be a number", { ARGANIA__N: "" }],
    ["b", "must be true or false", { ARGANIA__B: "yes s3cret" }],
    ["l", "JSON of an array", { ARGANIA__L: '{"s3cret":1}' }],
    ["l", "not valid JSON (line 1, column 2)", { ARGANIA__L: "[s3cret]" }],
    ["l", 'replaces an array: write ["one", "two"].', { ARGANIA__L: "https://s3cret.test" }],
    ["o", 'replaces an object: write { "name": "value" }.', { ARGANIA__O: "p=s3cret" }],
    ["o", "JSON of an object", { ARGANIA__O: "[]" }],
    ["t", "this is no object", { ARGANIA__T__INNER: "s3cret" }],
    ["", "an empty part", { ARGANIA__: "s3cret" }],
    ["o", "an empty part", { ARGANIA__O____P: "s3cret" }],
    ["o", '"__proto__"', { ARGANIA__O: '{"__proto__":{"s3cret":1}}' }],
    ["constructor", "may have this name", { ARGANIA__CONSTRUCTOR__PROTOTYPE__X: "s3cret" }],
  ])("that cannot be converted are refused by name: %s, %s", async (path, message, env) => {
    const files = { "default.json": '{"n":1,"b":false,"l":["x"],"o":{"p":1},"t":"x"}' };
    const error = await load("test", env, files).then(
      () => expect.unreachable(),
      (thrown: ConfigError) => thrown,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.code).toBe("ARGANIA_CONFIG");
    expect(error.issues).toEqual([
      { path, message: expect.stringContaining(message), source: Object.keys(env)[0] },
    ]);
    expect(error.message).not.toContain("s3cret");
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test("of the process are read, and not written", async () => {
    process.env.ARGANIA__GREETING = "hello";
    try {
      const before = { ...process.env };
      expect((await loadConfig({ files: false })).greeting).toBe("hello");
      expect({ ...process.env }).toEqual(before);
    } finally {
      delete process.env.ARGANIA__GREETING;
    }
  });
});

describe("the environment", () => {
  test("is that of ARGANIA_ENV, else that of NODE_ENV, else development", async () => {
    expect(currentEnvironment({ ARGANIA_ENV: "staging", NODE_ENV: "production" })).toBe("staging");
    expect(currentEnvironment({ ARGANIA_ENV: "", NODE_ENV: "production" })).toBe("production");
    expect(currentEnvironment({})).toBe("development");
    expect(currentEnvironment()).toBe("test");
    const files = { "development.json": '{"a":1}', "production.json": '{"a":2}' };
    const dir = folderWith(files);
    expect((await loadConfig({ dir, env: { NODE_ENV: "production" } })).a).toBe(2);
    expect((await loadConfig({ dir, env: {} })).a).toBe(1);
  });

  test.each(["../etc", "a/b", "a.b", "-x", " ", "x".repeat(65)])("cannot be %j", async (name) => {
    expect(() => currentEnvironment({ ARGANIA_ENV: name })).toThrow(TypeError);
    await expect(loadConfig({ environment: name, env: {} })).rejects.toThrow(TypeError);
  });
});

test("the result is frozen, and shares nothing with what it is made of", async () => {
  const defaults = { list: [{ a: 1 }], inner: { b: 1 } };
  const config = await loadConfig({ files: false, env: {}, defaults, schema: z.looseObject({}) });
  expect(Object.isFrozen(config) && Object.isFrozen(config.server)).toBe(true);
  expect(Object.isFrozen((config.list as unknown[])[0])).toBe(true);
  expect(Object.isFrozen(defaults.inner) || Object.isFrozen(defaults.list)).toBe(false);
  expect(config.list).not.toBe(defaults.list);
});
