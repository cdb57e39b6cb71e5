import { describe, expect, it } from "vitest";
import { runApp } from "../support/run-app.ts";

const app = new URL("apps/logged.ts", import.meta.url);

async function outputOf(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const running = await runApp(app, env);
  const { code } = await running.exit;
  expect(code, running.output()).toBe(0);
  return running.output().trim().split("\n");
}

describe("a process of its own", () => {
  it("writes JSON to standard output in production", async () => {
    const [line = "", done] = await outputOf({ NODE_ENV: "production" });
    expect(JSON.parse(line)).toMatchObject({
      level: 30,
      path: "/users/7",
      route: "/users/{id}",
      status: 200,
    });
    expect(done).toBe("done");
  });

  it("writes JSON where standard output is no terminal, also in development", async () => {
    const [line = ""] = await outputOf({ NODE_ENV: "development" });
    expect(JSON.parse(line)).toMatchObject({ status: 200 });
  });

  it("writes for people with pino-pretty, which it finds where it runs", async () => {
    const [line = ""] = await outputOf({ NODE_ENV: "development", PRETTY: "1" });
    expect(line).toMatch(/INFO.*GET \/users\/7 200 [\d.]+ ms/);
  });

  it("writes nothing in tests", async () => {
    expect(await outputOf({ NODE_ENV: "test" })).toEqual(["done"]);
  });
});
