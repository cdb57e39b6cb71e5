import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";

/** One mistake a line, each beside a schema that is right, and what the compiler has to say of it. */
const MISTAKES: readonly (readonly [line: string, says: string])[] = [
  ['root.setHandlerFor(_post.to([jsonBody(user, { limit: "1mb" })], (body) => body.name));', "Type 'string'"],
  ["root.setHandlerFor(_put.to([formBody(user, { limt: 100 })], (body) => body.name));", "'limt'"],
  [
    "root.setHandlerFor(_post.to([formBody({ limit: 100 })], (body) => json(body)));",
    "'\"~standard\"' is missing",
  ],
  [
    "root.setHandlerFor(_get.to([queryParams({ page: z.number() })], (query) => json(query)));",
    "StandardSchema",
  ],
  [
    "root.setHandlerFor(_get.to([cookies({ theme: z.string() })], (values) => json(values)));",
    "StandardSchema",
  ],
  [
    "root.setHandlerFor(_get.to([pathParams({ id: z.string() })], (params) => json(params)));",
    "StandardSchema",
  ],
  ["multipartFields(user, { limit: 100 });", "'limit'"],
  ['loadConfig({ schema: user, dirr: "config" });', "'dirr'"],
  ["defineSession({ schema: user, idleTimout: 60 });", "'idleTimout'"],
];

const APP = `import { _get, _post, _put, cookies, formBody, json, jsonBody, pathParams, queryParams, Resource } from "argania";
import { loadConfig } from "argania/app";
import { defineSession } from "argania/middleware";
import { multipartFields } from "argania/multipart";
import { z } from "zod";
const root = new Resource("/");
const user = z.object({ name: z.string() });
`;
const firstLine = APP.split("\n").length;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "argania-messages-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  writeFileSync(join(folder, "app.ts"), APP + MISTAKES.map(([line]) => line).join("\n"));
  const source = (path: string) => [join(root, "src", path, "index.ts")];
  const paths = {
    argania: source(""),
    "argania/app": source("app"),
    "argania/middleware": source("middleware"),
    "argania/multipart": source("data/multipart"),
  };
  const tsconfig = { extends: join(root, "tsconfig.json"), compilerOptions: { paths }, include: ["app.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the compiler says, by the line of the mistake. */
function messages(compiler: string): Map<number, string> {
  const tsc = join(root, "node_modules", compiler, "bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8", cwd: folder });
  const byLine = new Map<number, string>();
  for (const message of stdout.split(/^(?=app\.ts)/m)) {
    const at = Number(/^app\.ts\((\d+),/.exec(message)?.[1]) - firstLine;
    byLine.set(at, (byLine.get(at) ?? "") + message);
  }
  return byLine;
}

describe("a wrong call with a schema is told of by", () => {
  it("TypeScript 5.9, and never as a type that is too deep", { timeout: 120_000 }, () => {
    const found = messages("typescript");
    expect([...found.keys()].sort((a, b) => a - b)).toEqual(MISTAKES.map((_, at) => at));
    for (const [at, [, says]] of MISTAKES.entries()) {
      expect(found.get(at)).toContain(says);
      expect(found.get(at)).not.toContain("TS2589");
    }
  });

  it("TypeScript 7 with what is wrong, and not with what else could be written", { timeout: 120_000 }, () => {
    const found = messages("typescript-next");
    expect([...found.keys()].sort((a, b) => a - b)).toEqual(MISTAKES.map((_, at) => at));
    for (const [at, [, says]] of MISTAKES.entries()) {
      expect(found.get(at)).toContain(says);
      expect(found.get(at)).not.toContain("RuleFailure");
    }
  });
});
