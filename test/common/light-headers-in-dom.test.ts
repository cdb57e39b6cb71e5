import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

it("headers compile with DOM in lib but without DOM.Iterable, where TypeScript 5 knows no iterators of them", () => {
  const folder = mkdtempSync(join(tmpdir(), "argania-dom-"));
  const compilerOptions = {
    target: "es2022",
    lib: ["es2022", "dom"],
    types: [],
    module: "esnext",
    moduleResolution: "bundler",
    strict: true,
    noEmit: true,
  };
  const tsconfig = { compilerOptions, files: [path("src/common/light-headers.ts")] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  try {
    const tsc = path("node_modules/typescript/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
