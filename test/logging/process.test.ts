import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type RunOptions, runApp } from "../support/run-app.ts";

const app = new URL("apps/logged.ts", import.meta.url);

async function outputOf(
  env: Readonly<Record<string, string>>,
  options: RunOptions = {},
): Promise<readonly string[]> {
  const running = await runApp(app, env, options);
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

const LINE = /INFO.*GET \/users\/7 200 [\d.]+ ms/;
/** A standard output that says that it is a terminal. */
const TERMINAL = { execArgv: ["--import=data:text/javascript,process.stdout.isTTY=true"] };

describe("where standard output is a terminal", () => {
  it.each(["development", ""])("lines are for people in development: NODE_ENV is %j", async (name) => {
    const [line, done] = await outputOf({ NODE_ENV: name }, TERMINAL);
    expect(line).toMatch(LINE);
    expect(done).toBe("done");
  });

  it.each([
    ["production", { NODE_ENV: "production" }],
    ["staging", { NODE_ENV: "staging" }],
    ["development that wants JSON", { NODE_ENV: "development", PRETTY: "0" }],
  ])("lines are JSON in %s", async (_, env) => {
    const [line = ""] = await outputOf(env as unknown as Record<string, string>, TERMINAL);
    expect(JSON.parse(line)).toMatchObject({ path: "/users/7", status: 200 });
  });

  const hasScript = spawnSync("script", ["--version"]).stdout?.includes("util-linux") === true;
  it.skipIf(!hasScript)("that is so with a real one", async () => {
    const [line] = await outputOf({ NODE_ENV: "development" }, { terminal: true });
    expect(line).toMatch(LINE);
    const [json = ""] = await outputOf({ NODE_ENV: "production" }, { terminal: true });
    expect(JSON.parse(json)).toMatchObject({ path: "/users/7" });
  });
});
