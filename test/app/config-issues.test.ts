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
