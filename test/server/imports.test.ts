import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runApp } from "../support/run-app.ts";

test("network modules are loaded when something is served, and not before", async () => {
  const app = await runApp(new URL("./apps/imports.ts", import.meta.url));
  expect((await app.exit).code).toBe(0);
  expect(app.output()).toContain("before [] after true\n");
});

test("src/server imports node modules for their types only", () => {
  const directory = new URL("../../src/server/", import.meta.url);
  for (const name of readdirSync(directory)) {
    const text = readFileSync(new URL(name, directory), "utf8");
    expect(text).not.toMatch(/^import (?!type)[^;]*"node:/m);
  }
});
