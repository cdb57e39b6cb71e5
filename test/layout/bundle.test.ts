import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Service } from "argania";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "argania-bundle-"));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const app = (from: string) => `import { Resource, _get } from "${from}";
const root = new Resource("/");
root.setHandlerFor(_get.to(() => "Hello, World!"));
export const service = root.intoService();
export default { fetch: service.fetch };`;

/** As users bundle: for Node, minified, with what nobody uses left out. */
async function bundle(
  contents: string,
  {
    minify = true,
    define = {},
  }: { readonly minify?: boolean; readonly define?: Record<string, string> } = {},
) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minify,
    define,
    write: false,
    metafile: true,
    logLevel: "error",
    absWorkingDir: root,
  });
  const [output] = outputFiles;
  const modules = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path !== "<stdin>")
    .map(([path]) => path);
  return { code: output?.text ?? "", modules };
}

/** What a bundle of the smallest app has of folders of which it needs next to nothing, or nothing. */
const ALLOWED = [
  "src/data/extractor.ts", // What an extractor is.
  "src/middleware/layer-target.ts", // What `addLayerTo` takes.
];
/** The packages of the core, which are small. */
const PACKAGES = /^node_modules\/(?:cookie|path-to-regexp|secure-json-parse)\//;
const FOREIGN = /^(?!src\/)|^src\/(?:data|signals|middleware|host|router|inspect|server|app)\//;

const FETCH_ONLY = { define: { "globalThis.ARGANIA_FETCH_ONLY": "true" } };
const FOR_NODE =
  /^src\/(?:request\/node-|response\/(?:node-|chunked-writer|pushed-body|trailing-body)|handler\/(?:node-(?!description)|exchange|take-over|upgrade-|refused-upgrade|deadlines))/;

describe("a bundle of the smallest app", () => {
  it("has nothing of other packages, of extractors, layers, signals, hosts, routers and servers", async () => {
    const { modules, code } = await bundle(app("./src/index.ts"));
    const isKnown = (path: string) => ALLOWED.includes(path) || PACKAGES.test(path);
    expect(modules.filter((path) => FOREIGN.test(path) && !isKnown(path))).toEqual([]);
    expect(modules).toContain("src/handler/node-listener.ts");
    // Room for what is mended; a feature that is not of the core belongs behind an import of its own.
    expect(code.length).toBeLessThan(176_500);
  });

  it("for runtimes with fetch can leave out all that serves Node", async () => {
    const { modules, code } = await bundle(app("./src/index.ts"), FETCH_ONLY);
    expect(modules.filter((path) => FOR_NODE.test(path))).toEqual([]);
    expect(code.length).toBeLessThan(149_500);
  });

  it("works without it, and says what is missing", async () => {
    const { code } = await bundle(app("./src/index.ts"), FETCH_ONLY);
    const file = join(folder, "fetch-only.mjs");
    writeFileSync(file, code);
    const { service } = (await import(pathToFileURL(file).href)) as { service: Service };
    expect(await (await service.fetch(new Request("http://a/"))).text()).toBe("Hello, World!");
    expect((await service.request("/none")).status).toBe(404);
    expect(String(service)).toContain("GET");
    for (const name of [
      "nodeListener",
      "createNodeListener",
      "upgradeListener",
      "createUpgradeListener",
    ] as const) {
      expect(() => service[name]).toThrow(`service.${name} is not in this bundle`);
      expect(() => service[name]).toThrow(TypeError);
    }
  });

  it("takes NODE_ENV from the bundler, and does without it, where there is no process", async () => {
    const forgetful = app("./src/index.ts").replace(
      '() => "Hello, World!"',
      '(context) => { context.cookies().set("a", "1"); return "text"; }',
    );
    const warningsOf = async (name: string, define: Record<string, string>) => {
      const { code } = await bundle(forgetful, { define });
      const run = `delete globalThis.process;
        const { service } = await import("./${name}.mjs");
        const response = await service.fetch(new Request("http://a/"));
        console.log(await response.text(), typeof process);`;
      writeFileSync(join(folder, `${name}.mjs`), code);
      writeFileSync(join(folder, `run-${name}.mjs`), run);
      const file = join(folder, `run-${name}.mjs`);
      const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
      expect(stdout).toBe("text undefined\n");
      return stderr;
    };
    expect(await warningsOf("plain", {})).toMatch(/^\[argania\] GET \/ changed cookies that were not sent/);
    expect(await warningsOf("built", { "process.env.NODE_ENV": '"production"' })).toBe("");
  });

  it("has what it uses, and not its neighbours", async () => {
    const { modules } = await bundle(
      `${app("./src/index.ts").replace("{ Resource", "{ Router, jsonBody, Resource")}\nexport { Router, jsonBody };`,
    );
    expect(modules).toContain("src/router/router.ts");
    expect(modules).toContain("src/data/json-body.ts");
    const unused =
      /src\/(?:server|signals|app)\/|src\/data\/(?:form|text|binary|cookie|query|header|sse|file)/;
    expect(modules.filter((path) => unused.test(path))).toEqual([]);
  });
});

describe("the core in one file, as it is in the package", () => {
  it("can be left out statement by statement", async () => {
    const whole = await bundle('export * from "./src/index.ts"', { minify: false });
    const file = join(folder, "core.mjs");
    writeFileSync(file, whole.code);
    const fromFile = await bundle(app(file));
    const fromSources = await bundle(app("./src/index.ts"));
    // What is called or read at the top of a module stays in every bundle unless it says that it is pure.
    expect(fromFile.code.length).toBeLessThan(fromSources.code.length * 1.02);
  });
});
