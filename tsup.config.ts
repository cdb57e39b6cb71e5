import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { defineConfig, type Options } from "tsup";

const CORE = resolve("src/index.ts");

/**
 * Keeps the core in one chunk. The bundler makes a chunk of whatever the same entries reach, which split the core into 37
 * files, and each of them takes longer to find and to open than to run (decision 28). Here every entry reaches all of the core,
 * as every program that imports one does.
 */
const oneCore: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "one-core",
  setup(build) {
    build.onLoad({ filter: /[\\/]index\.ts$/ }, async ({ path }) =>
      path === CORE
        ? undefined
        : {
            loader: "ts",
            contents: `${await readFile(path, "utf8")}\nimport ${JSON.stringify(CORE)};\n`,
          },
    );
  },
};

const shared: Options = {
  entry: {
    index: "src/index.ts",
    app: "src/app/index.ts",
    connect: "src/middleware/connect/index.ts",
    cookies: "src/data/cookies/index.ts",
    "fastest-validator": "src/data/validation/index.ts",
    fetch: "src/middleware/fetch/index.ts",
    jwt: "src/middleware/jwt/index.ts",
    logger: "src/middleware/logger/index.ts",
    middleware: "src/middleware/index.ts",
    multipart: "src/data/multipart/index.ts",
    negotiation: "src/response/negotiation/index.ts",
    sse: "src/data/sse/index.ts",
    static: "src/resource/static/index.ts",
    testing: "src/inspect/testing/index.ts",
    websocket: "src/data/websocket/index.ts",
  },
  outDir: "dist",
  tsconfig: "tsconfig.src.json",
  target: ["node20", "es2022"],
  platform: "node",
  external: ["#pino"],
  // Entries share chunks, so that their classes are the same in ESM and in CJS.
  splitting: true,
  treeshake: true,
  esbuildPlugins: [oneCore],
  esbuildOptions(options) {
    // That an import of a module without side effects is not made: `oneCore` is only about chunks.
    options.logOverride = { "ignored-bare-import": "silent" };
  },
};

/** Small, and in every program: as files of their own they take longer to load than all of the core (decision 28). */
const IN_THE_CORE = ["cookie", "path-to-regexp", "secure-json-parse"];
/** It is ESM only, and not every Node from 20.19 on, nor every CJS tool, can require that. */
const ESM_ONLY = ["mime"];

async function refine(extension: string): Promise<void> {
  for (const file of (await readdir("dist")).filter((name) => name.endsWith(extension))) {
    await writeFile(`dist/${file}`, inOneByte(withClassNames(await readFile(`dist/${file}`, "utf8"))));
  }
}

/** The bundler calls a class that refers to itself `_Resource`, which users would see in logs and stack traces. */
function withClassNames(code: string): string {
  let restored = code;
  for (const [, name] of code.matchAll(/var (\w+) = class _\1\b/g)) {
    restored = restored.replaceAll(new RegExp(`\\b_${name}\\b`, "g"), String(name));
  }
  return restored;
}

/**
 * V8 keeps the text of a module, and it takes two bytes for each of its characters if one of them, here in a comment, is not
 * in Latin 1. In texts the bundler has escaped them.
 */
function inOneByte(code: string): string {
  return code.replaceAll("…", "...");
}

async function copyLicenses(names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => copyFile(`node_modules/${name}/LICENSE`, `dist/${name}.LICENSE`)));
}

export default defineConfig([
  {
    ...shared,
    format: "esm",
    dts: true,
    noExternal: IN_THE_CORE,
    onSuccess: async () => {
      await copyLicenses(IN_THE_CORE);
      await refine(".js");
    },
  },
  {
    ...shared,
    format: "cjs",
    noExternal: [...IN_THE_CORE, ...ESM_ONLY],
    onSuccess: async () => {
      await copyLicenses(ESM_ONLY);
      await refine(".cjs");
    },
  },
]);
