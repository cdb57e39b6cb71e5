import { execFile } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { ENTRIES } from "../support/entries.ts";
import { folderWith } from "./config-folder.ts";

/** As on a fetch runtime: no `process`, and nothing of Node imported. */
const PROGRAM = `
import { _get, Resource } from "argania";
import { App, loadConfig } from "argania/app";

const config = await loadConfig({ files: false, env: { NODE_ENV: "staging", ARGANIA__NAME: "edge" } });
const app = new App({
  config,
  initializers: [{ name: "kv", beforeRun: () => ({ kv: new Map([["a", 1]]) }), onShutdown: () => { throw new Error("closed"); } }],
  routes: (router, { context }) => new Resource("/").setHandlerFor(_get.to(() => context.kv.get("a") + config.name)),
  logger: { error() {} },
});
const service = await app.service();
const text = await (await service.fetch(new Request("http://localhost/"))).text();
const missing = await loadConfig({ env: {} }).catch(({ issues }) => issues[0].message);
const closed = await app.close().catch(({ message }) => message);
print(JSON.stringify([text, missing, closed, app.environment]));
`;

test("an app answers on runtimes without Node", async () => {
  const folder = folderWith({
    "run.mjs":
      'globalThis.print = console.log;\nconst { process } = globalThis;\ndelete globalThis.process;\nawait import("./app.mjs");\n',
  });
  const { metafile } = await build({
    stdin: { contents: PROGRAM, resolveDir: folder },
    outfile: join(folder, "app.mjs"),
    bundle: true,
    platform: "neutral",
    mainFields: ["module", "main"],
    format: "esm",
    alias: ENTRIES,
    external: ["yaml"],
    metafile: true,
    logLevel: "error",
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  expect(imports.map(({ path, kind }) => `${kind} ${path}`)).toEqual(["dynamic-import yaml"]);
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [join(folder, "run.mjs")], (_, stdout, stderr) => resolve(stdout + stderr));
  });
  expect(JSON.parse(output)).toEqual([
    "1edge",
    expect.stringContaining("this runtime has no files"),
    'onShutdown of the initializer "kv" failed: closed',
    "development",
  ]);
});
