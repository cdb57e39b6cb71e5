import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readmeBlocks } from "./readme-blocks.ts";

const repository = new URL("../../", import.meta.url);
// Git, the linter and the type checker ignore this folder; Vite resolves "argania" for what is in it.
const folder = new URL(`examples/.build/readme-${process.pid}/`, repository);

const chapters = readdirSync(new URL("docs/", repository)).filter((name) => name.endsWith(".md"));
const documents = ["README.md", ...chapters.map((name) => `docs/${name}`)];
const modules = documents.flatMap((document) =>
  readmeBlocks(new URL(document, repository)).map((block) => ({
    ...block,
    name: `${document}:${block.line}`,
    file: new URL(`${document.replaceAll(/\W/g, "-")}-${block.line}.ts`, folder),
  })),
);

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  for (const { file, source } of modules) {
    writeFileSync(file, source);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the documents' code", () => {
  it("is found", () => {
    expect(modules.length).toBeGreaterThanOrEqual(20);
  });

  it("compiles", { timeout: 120_000 }, () => {
    expect(typeErrors()).toEqual([]);
  });

  it.each(modules.filter(({ isRun }) => isRun))("runs: $name", async ({ file }) => {
    await import(/* @vite-ignore */ fileURLToPath(file));
  });
});

/** What the compiler says, each message at its line in the extracted module. */
function typeErrors(): readonly string[] {
  const path = fileURLToPath(new URL("tsconfig.json", repository));
  const config = ts.readConfigFile(path, ts.sys.readFile).config as object;
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [] },
    ts.sys,
    fileURLToPath(repository),
  );
  const names = modules.map(({ file }) => fileURLToPath(file));
  const program = ts.createProgram(names, { ...options, noUnusedLocals: false, noUnusedParameters: false });
  return names.flatMap((name, index) =>
    program.getSemanticDiagnostics(program.getSourceFile(name)).map(({ messageText, start, file }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line;
      const text = modules[index]?.source.split("\n")[line];
      return `${modules[index]?.name}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}\n  ${text}`;
    }),
  );
}
