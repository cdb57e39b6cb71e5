import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { exampleNames } from "../../scripts/examples.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const start = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", "start.mjs"), ...args], {
    encoding: "utf8",
  });
  return { status, stderr };
};

describe("npm start", () => {
  it.each(["nothing", "..", "../src", "constructor", ""])('says of "%s" which examples there are', (name) => {
    const { status, stderr } = start(name);
    expect(status).toBe(1);
    expect(stderr).toContain(`There is no example "${name}".`);
    for (const each of exampleNames()) {
      expect(stderr).toContain(`npm start -- ${each}`);
    }
  });

  it("starts one at a time", () => {
    expect(start("saas", "auth")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("One at a time"),
    });
  });
});

describe.each(["auth", "saas", "spa-api"])("the example %s", (name) => {
  const folder = join(root, "examples", name);
  const readme = readFileSync(join(folder, "README.md"), "utf8");

  it("is known, and says how it is started", () => {
    expect(exampleNames()).toContain(name);
    expect(readme).toContain(`npm start -- ${name}\n`);
  });

  it("links to what there is", () => {
    for (const [, target] of readme.matchAll(/\]\((?!http)([^)]+)\)/g)) {
      expect(existsSync(join(folder, target as string)), target).toBe(true);
    }
  });

  it("has small modules that import from argania as its users do", () => {
    for (const file of readdirSync(folder).filter((each) => each.endsWith(".ts"))) {
      const text = readFileSync(join(folder, file), "utf8");
      expect(text.split("\n").length, file).toBeLessThanOrEqual(100);
      expect(text, file).not.toMatch(/from "\.\.\/|\/src\//);
    }
  });
});
