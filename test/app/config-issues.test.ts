import { ConfigError, loadConfig } from "argania/app";
import { expect, test } from "vitest";
import { z } from "zod";

async function refusalOf(promise: Promise<unknown>): Promise<ConfigError> {
  const error = await promise.then(
    () => expect.unreachable("it was accepted"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

test("variables that cannot be converted hide neither each other nor what else is wrong", async () => {
  const { issues } = await refusalOf(
    loadConfig({
      files: false,
      defaults: { pool: { size: 5, names: [] }, secret: "short", server: { port: 80, host: 7 } },
      env: {
        POOL_SIZE: "many",
        PORT: "http",
        ARGANIA__POOL__NAMES: "{}",
        ARGANIA__POOL__SIZE__MAX: "1",
        ARGANIA__POOL____MIN: "1",
        ARGANIA__constructor: "1",
      },
      envNames: { POOL_SIZE: "pool.size", PORT: "server.port" },
      schema: z.object({ secret: z.string().min(32), url: z.string() }),
    }),
  );
  expect(issues.map(({ path, source }) => [path, source])).toEqual([
    ["pool.size", "POOL_SIZE"],
    ["server.port", "PORT"],
    ["pool.names", "ARGANIA__POOL__NAMES"],
    ["pool.size", "ARGANIA__POOL__SIZE__MAX"],
    ["pool", "ARGANIA__POOL____MIN"],
    ["constructor", "ARGANIA__constructor"],
    ["server.host", "defaults"],
    ["secret", "defaults"],
    ["url", null],
  ]);
});

test("a variable with a name that nothing may have sets nothing of what is around it", async () => {
  const { issues } = await refusalOf(
    loadConfig({
      files: false,
      env: { ARGANIA__DB__constructor: "1" },
      schema: z.object({ db: z.object({ url: z.string() }).optional() }),
    }),
  );
  expect(issues.map(({ path, source }) => [path, source])).toEqual([
    ["db.constructor", "ARGANIA__DB__constructor"],
  ]);
});

test.each([
  [5, "many", /^ {2}a \(A\): this must be a number, since it replaces one\.$/m],
  [true, "yes", /^ {2}a \(A\): this must be true or false, since it replaces one of them\.$/m],
  [[1], "{}", /^ {2}a \(A\): this must be JSON of an array, since it replaces one\.$/m],
  [{ b: 1 }, "7", /^ {2}a \(A\): this must be JSON of an object, since it replaces one\.$/m],
])("what a variable must be is said by what it replaces: %j, not %j", async (a, A, message) => {
  const load = loadConfig({ files: false, defaults: { a }, env: { A }, envNames: { A: "a" } });
  expect((await refusalOf(load)).message).toMatch(message);
});

test("what is set nowhere names the variable that would set it, or something in it", async () => {
  const schema = z.object({ admin: z.object({ password: z.string() }), url: z.string(), other: z.string() });
  const envNames = { ADMIN_PASSWORD: "admin.password", URL: "url" };
  const { message, issues } = await refusalOf(loadConfig({ files: false, env: {}, envNames, schema }));
  expect(message).toMatch(
    /^ {2}admin \(set nowhere\): .* \(the variable ADMIN_PASSWORD sets admin\.password\)$/m,
  );
  expect(message).toMatch(/^ {2}url \(set nowhere\): .* \(the variable URL sets url\)$/m);
  expect(issues.find(({ path }) => path === "other")?.message).not.toContain("variable");
});
