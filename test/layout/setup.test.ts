import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const setup = fileURLToPath(new URL("../../scripts/setup.mjs", import.meta.url));
let project = "";

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "argania-setup-"));
  mkdirSync(join(project, "scripts"));
  cpSync(setup, join(project, "scripts/setup.mjs"));
  writeFileSync(join(project, "package-lock.json"), "{}");
});

afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

/** Installs with something that stands in for npm. */
function install(npm: string) {
  const cli = join(project, "npm-cli.js");
  writeFileSync(cli, npm);
  return spawnSync(process.execPath, [join(project, "scripts/setup.mjs"), "install"], {
    encoding: "utf8",
    env: { ...process.env, npm_execpath: cli },
  });
}

const INSTALLS = `
  require("node:fs").mkdirSync("node_modules", { recursive: true });
  console.log(process.argv.slice(2).join(" "));`;

test("an installation says what is going on, before it begins, on standard error", () => {
  const { status, stdout, stderr } = install(INSTALLS);
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  const [first, second] = stderr.split("\n");
  expect(first).toMatch(/^Installing the dependencies with npm ci/);
  expect(second).toMatch(/^ci /);
});

test("nothing is said when there is nothing to install", () => {
  install(INSTALLS);
  const { status, stdout, stderr } = install("process.exit(3)");
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("an installation that fails ends with npm's exit code", () => {
  const { status, stderr } = install("process.exit(3)");
  expect(status).toBe(3);
  expect(stderr).toContain("npm ci failed");
});
