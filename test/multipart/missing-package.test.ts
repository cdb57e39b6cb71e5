import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENTRIES } from "../support/entries.ts";

const BUSBOY = fileURLToPath(new URL("../../node_modules/@fastify/busboy", import.meta.url));
const ADVICE =
  "argania/multipart needs the package @fastify/busboy, which is not installed. Run: npm install @fastify/busboy";

/** Where an application has Argania, and Argania's dependencies, but not the parser. */
let without: string;
/** The same with the parser. */
let withBusboy: string;

beforeAll(async () => {
  without = await install();
  withBusboy = await install();
  mkdirSync(join(withBusboy, "node_modules/@fastify"));
  symlinkSync(BUSBOY, join(withBusboy, "node_modules/@fastify/busboy"));
}, 60_000);

afterAll(() => {
  for (const folder of [without, withBusboy]) {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function install(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "argania-peer-"));
  const own = join(folder, "node_modules/argania");
  mkdirSync(join(own, "dist"), { recursive: true });
  const entry = { import: "./dist/multipart.mjs", require: "./dist/multipart.cjs" };
  const exports = { "./multipart": entry, "./package.json": "./package.json" };
  writeFileSync(join(own, "package.json"), JSON.stringify({ name: "argania", exports }));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app" }));
  await Promise.all([bundle(own, "esm"), bundle(own, "cjs")]);
  return folder;
}

async function bundle(own: string, format: "esm" | "cjs"): Promise<void> {
  await build({
    entryPoints: [ENTRIES["argania/multipart"] as string],
    outfile: join(own, `dist/multipart.${format === "esm" ? "mjs" : "cjs"}`),
    bundle: true,
    platform: "node",
    target: "node20",
    format,
    external: ["@fastify/busboy"],
    logLevel: "error",
  });
}

interface Outcome {
  readonly failed: boolean;
  readonly output: string;
}

function run(folder: string, file: string, code: string): Promise<Outcome> {
  writeFileSync(join(folder, file), code);
  return new Promise((resolve) => {
    execFile(process.execPath, [file], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: stdout + stderr }),
    );
  });
}

describe("without @fastify/busboy", () => {
  test.each([
    ["a static import", "app.mjs", 'import "argania/multipart";'],
    ["a require", "app.cjs", 'require("argania/multipart");'],
  ])("%s ends the program and says what to install", async (_, file, code) => {
    const { failed, output } = await run(without, file, code);
    expect(failed).toBe(true);
    expect(output).toContain(`MultipartPackageError: ${ADVICE}`);
    expect(output).toContain("ARGANIA_MULTIPART_PACKAGE");
  });

  test.each([
    ["import()", "app.mjs", 'const load = () => import("argania/multipart");'],
    ["require()", "app.cjs", 'const load = async () => require("argania/multipart");'],
  ])("%s can be caught", async (_, file, load) => {
    const code = `${load}\nload().catch(({ code, cause }) => console.log(code, cause.code));`;
    const { failed, output } = await run(without, file, code);
    expect({ failed, output }).toEqual({
      failed: false,
      output: "ARGANIA_MULTIPART_PACKAGE MODULE_NOT_FOUND\n",
    });
  });

  test("a bundle that left it out says the same", async () => {
    const outfile = await bundled(without, ["@fastify/busboy"]);
    const { failed, output } = await run(without, "start.mjs", `import "${outfile}";`);
    expect(failed).toBe(true);
    expect(output).toContain(`MultipartPackageError: ${ADVICE}`);
  });
});

describe("with @fastify/busboy", () => {
  const parse = `
    const { extract } = multipartBody;
    console.log(typeof extract);`;

  test("it is found by import and require", async () => {
    const imported = await run(
      withBusboy,
      "app.mjs",
      `import { multipartBody } from "argania/multipart";${parse}`,
    );
    const required = await run(
      withBusboy,
      "app.cjs",
      `const { multipartBody } = require("argania/multipart");${parse}`,
    );
    expect([imported, required]).toEqual(
      Array.from({ length: 2 }, () => ({ failed: false, output: "function\n" })),
    );
  });

  test("it goes into a bundle, which needs it no more", async () => {
    const outfile = await bundled(withBusboy, []);
    const alone = mkdtempSync(join(tmpdir(), "argania-bundle-"));
    try {
      const { failed, output } = await run(alone, "start.mjs", readFileSync(outfile, "utf8"));
      expect({ failed, output }).toEqual({ failed: false, output: "function\n" });
    } finally {
      rmSync(alone, { recursive: true, force: true });
    }
  });
});

/** An application with all that it needs in one file, as bundlers make it of the published package. */
async function bundled(folder: string, external: string[]): Promise<string> {
  const outfile = join(mkdtempSync(join(folder, "out-")), "bundle.mjs");
  await build({
    stdin: {
      contents:
        'import { multipartBody } from "argania/multipart"; console.log(typeof multipartBody.extract);',
      resolveDir: folder,
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    external,
    // What is bundled of CommonJS asks for Node's own modules.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    logLevel: "error",
  });
  return outfile;
}
