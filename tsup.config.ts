import { copyFile } from "node:fs/promises";
import { defineConfig, type Options } from "tsup";

const shared: Options = {
  entry: { index: "src/index.ts" },
  outDir: "dist",
  tsconfig: "tsconfig.src.json",
  target: ["node20", "es2022"],
  platform: "node",
  dts: true,
  sourcemap: true,
  // Entries share chunks, so that their classes are the same in ESM and in CJS.
  splitting: true,
  treeshake: true,
};

export default defineConfig([
  { ...shared, format: "esm" },
  {
    ...shared,
    format: "cjs",
    // It is ESM only, and not every Node from 20.19 on, nor every CJS tool, can require that.
    noExternal: ["path-to-regexp"],
    onSuccess: () => copyFile("node_modules/path-to-regexp/LICENSE", "dist/path-to-regexp.LICENSE"),
  },
]);
