import { execFile } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { ENTRIES } from "../support/entries.ts";
import { folderWith } from "./config-folder.ts";

/** What a program says that loads its configuration where the package `yaml` is not installed. */
async function outputOf(files: Readonly<Record<string, string>>, format: "esm" | "cjs"): Promise<string> {
  const folder = folderWith(files);
  const outfile = join(folder, format === "esm" ? "app.mjs" : "app.cjs");
  await build({
    stdin: {
      contents: `import { loadConfig } from "argania/app";
        loadConfig({ env: {} }).then((config) => console.log(JSON.stringify(config)), ({ code, issues }) => console.log(code, issues[0].message));`,
      resolveDir: folder,
    },
    outfile,
    bundle: true,
    platform: "node",
    format,
    alias: ENTRIES,
    external: ["yaml"],
    ...(format === "esm"
      ? {
          banner: {
            js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
          },
        }
      : {}),
    logLevel: "error",
  });
  return new Promise((resolve) => {
    execFile(process.execPath, [outfile], { cwd: folder }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

test.each(["esm", "cjs"] as const)("%s: JSON needs no package, YAML says which", async (format) => {
  expect(await outputOf({ "config/default.json": '{"a":1}' }, format)).toBe('{"a":1,"server":{}}\n');
  expect(await outputOf({ "config/default.yaml": "a: 1" }, format)).toBe(
    "ARGANIA_CONFIG is YAML, which the package yaml reads: npm install yaml@2.\n",
  );
});
