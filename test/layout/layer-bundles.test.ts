import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "argania-layers-"));
/** All of `argania/middleware` in one file, with the packages it needs beside it: as it is published. */
const file = join(folder, "middleware.mjs");
const ENTRY = "./src/middleware/index.ts";

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Names are kept, so that it can be seen whose code is there. */
async function bundle(contents: string, minify = true): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    minifySyntax: minify,
    minifyWhitespace: minify,
    write: false,
    logLevel: "error",
    absWorkingDir: root,
  });
  return outputFiles[0]?.text ?? "";
}

/** The layers whose class, or whose messages, are in some code. */
function layersIn(code: string): string[] {
  return [...new Set([...code.matchAll(/\b[A-Z]\w+Layer\b/g)].map(([name]) => name))].sort();
}

function codesIn(code: string): string[] {
  return [...new Set([...code.matchAll(/ARGANIA_[A-Z\d_]+/g)].map(([name]) => name))];
}

const LAYERS = [
  "BasicAuthLayer",
  "BearerAuthLayer",
  "CompressionLayer",
  "ConditionalRequestsLayer",
  "CorsLayer",
  "CsrfLayer",
  "IpFilterLayer",
  "RemoteIpLayer",
  "RequestDecompressionLayer",
  "RequestIdLayer",
  "SecurityHeadersLayer",
  "SessionLayer",
  "TimeoutLayer",
];

/** Codes that belong to one layer, or to a few: where they are, its code is. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  ARGANIA_BODY_LIMIT: ["RequestDecompressionLayer"],
  ARGANIA_CONTENT_ENCODING: ["RequestDecompressionLayer"],
  ARGANIA_CSRF: ["CsrfLayer"],
  ARGANIA_FORBIDDEN_ADDRESS: ["IpFilterLayer"],
  ARGANIA_HANDLER_TIMEOUT: ["TimeoutLayer", "SessionLayer"],
  ARGANIA_INSUFFICIENT_SCOPE: ["BearerAuthLayer"],
  ARGANIA_IP_RANGE: ["IpFilterLayer", "RemoteIpLayer", "RequestIdLayer"],
  ARGANIA_MALFORMED_CREDENTIALS: ["BearerAuthLayer"],
  ARGANIA_PRECONDITION_FAILED: ["ConditionalRequestsLayer"],
  ARGANIA_SESSION: ["SessionLayer"],
  ARGANIA_UNAUTHORIZED: ["BasicAuthLayer", "BearerAuthLayer"],
  ARGANIA_UNSUPPORTED_MEDIA_TYPE: ["RequestDecompressionLayer"],
};

let whole = "";
/** What stays of the one file when nothing of it is used: statements of the core, which every app has. */
let core = "";

beforeAll(async () => {
  // As it is published: minified, it would not say any more which of its calls are pure.
  whole = await bundle(`export * from "${ENTRY}"`, false);
  writeFileSync(file, whole);
  core = await bundle(`import "${file}"`);
});

test("these are all layers of argania/middleware, and each has a class that is seen", () => {
  const exported = /export \{([^}]*)\}/.exec(whole)?.[1]?.trim().split(/,\s*/) ?? [];
  const names = exported.map((name) => name.split(" as ").pop() as string);
  expect(names.filter((name) => name.endsWith("Layer")).sort()).toEqual(LAYERS);
  expect(layersIn(whole)).toEqual(expect.arrayContaining(LAYERS));
  expect(codesIn(whole)).toEqual(expect.arrayContaining(Object.keys(OWNERS)));
});

test("where no layer is used, none is there, nor what only layers need", () => {
  expect(layersIn(core)).toEqual([]);
  expect(codesIn(core).filter((code) => code in OWNERS)).toEqual([]);
  for (const text of ["x-httpd-php", "The encoded body is too long."]) {
    expect(whole).toContain(text);
    expect(core).not.toContain(text);
  }
  expect(core.length).toBeLessThan(23_000);
});

describe.each(LAYERS)("a bundle with nothing but %s", (name) => {
  test("has no other layer", async () => {
    const fromSources = await bundle(`export { ${name} } from "${ENTRY}"`);
    const fromFile = await bundle(`export { ${name} } from "${file}"`);
    for (const code of [fromSources, fromFile]) {
      expect(layersIn(code)).toEqual([name]);
      expect(codesIn(code).filter((one) => OWNERS[one]?.includes(name) === false)).toEqual([]);
    }
    expect(codesIn(fromFile)).toEqual(
      expect.arrayContaining(Object.keys(OWNERS).filter((one) => OWNERS[one]?.[0] === name)),
    );
    // Each statement of the core that stays is counted once more than it is there.
    expect(fromFile.length).toBeLessThan(fromSources.length + core.length);
  });
});
