import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../scripts/setup.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { dependencies, exports, files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  exports: Record<string, unknown>;
  files: readonly string[];
};
/** `argania`, `argania/app` and so on. */
const entries = Object.keys(exports)
  .filter((path) => path !== "./package.json")
  .map((path) => path.replace(".", "argania"));
let folder = "";

beforeAll(async () => {
  await ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), "argania-package-"));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  // As it is installed, without the optional peers: a link would lead to ours.
  const installed = join(modules, "argania");
  cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true });
  cpSync(join(root, "peers"), join(installed, "peers"), { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  }
  mkdirSync(join(modules, "@types"));
  symlinkSync(join(root, "node_modules/@types/node"), join(modules, "@types/node"), "dir");
  symlinkSync(join(root, "node_modules/undici-types"), join(modules, "undici-types"), "dir");
}, 600_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const APP = `
const users = new Resource("/users/{id:\\\\d+}").setHandlerFor(_get.to(({ params }) => json({ id: params.id })));
const service = new Router().addResource(users).intoService();
const response = service.request("/users/7");
`;

type CompilerOptions = Readonly<Record<string, unknown>>;

const BUNDLER: CompilerOptions = {
  module: "esnext",
  moduleResolution: "bundler",
  isolatedModules: true,
  verbatimModuleSyntax: true,
};
const DOM: CompilerOptions = { lib: ["es2023", "dom", "dom.iterable"] };

/**
 * What the types of layers and extractors compute must hold under each of the options. Without `strictNullChecks` a condition on
 * `undefined` comes out otherwise, for what layers return but for a response: so some of these return text and objects.
 */
const TYPED_APP = `import { _get, _post, _requestReceiver, around, header, json, pathParams, queryParams, Resource, ResponseError, respond, Router, type Service, type StandardSchema } from "argania";
${APP}
const passing = around((_, next) => next());
const answering = around((context, next) => context.path === "/" ? "a" : next());
const ending = around(async () => ({ a: 1 }));
const waiting = around(async (context, next) => {
  if (context.header("x-key") !== "k") return respond(403, "No.");
  const response = await next();
  response.headers.set("x-method", context.method);
  return response;
});
const refusing = around(() => { throw new ResponseError(401); });
declare const schema: StandardSchema<{ id: string }, { id: number }>;
const user = new Resource("/{id}").addLayerTo(_requestReceiver([passing, answering, ending, waiting, refusing]));
user.setHandlerFor([
  _get.to([pathParams(schema), pathParams, header("a")], ({ id }, params, a) => \`\${id.toFixed()} \${params.id} \${a}\`),
  _post.wrappedIn(passing).to([queryParams], async (query, { params }) => json({ query, id: params.id })),
]);
export const link: string = user.href({ id: 7 });
export const typed: Promise<Response> = response;
export const s: Service = service;
// @ts-expect-error
new Resource("/{id}").setHandlerFor(_get.to((c) => c.params.nope));
`;

/** Compiles a program with all entries, or `main.ts` with the main one alone, which is all that "node10" finds. */
function typeCheck(
  options: CompilerOptions,
  compiler = "typescript",
  files: readonly string[] = ["app.mts", "app.cts"],
): void {
  const all = entries.map((entry, index) => `import * as e${index} from "${entry}";\nvoid e${index};\n`);
  for (const name of files) {
    writeFileSync(join(folder, name), `${name === "main.ts" ? "" : all.join("")}${TYPED_APP}`);
  }
  const compilerOptions = {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    lib: ["es2023"],
    types: ["node"],
    ...options,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  tsc(compiler, "-p", folder);
}

/** Throws with what the compiler says, on standard output, when that is anything. */
function tsc(compiler: string, ...args: string[]): void {
  const file = join(root, "node_modules", compiler, "bin/tsc");
  expect(existsSync(file)).toBe(true);
  const { status, stdout } = spawnSync(process.execPath, [file, ...args], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
}

describe("the built package", () => {
  it.each([
    [
      "ESM",
      "app.mjs",
      `import { _get, json, Resource, Router } from "argania";${APP}console.log(await (await response).text());`,
    ],
    [
      "CJS",
      "app.cjs",
      `const { _get, json, Resource, Router } = require("argania");${APP}response.then((r) => r.text()).then(console.log);`,
    ],
  ])("runs as %s", (_, name, code) => {
    writeFileSync(join(folder, name), code);
    expect(execFileSync(process.execPath, [join(folder, name)], { encoding: "utf8" }).trim()).toBe(
      '{"id":"7"}',
    );
  });

  it.each([
    ["index.js", /^(?:import|export)\b[^;]*?\bfrom ["']([^"']+)["'];|^import ["']([^"']+)["'];/gm],
    ["index.cjs", /\brequire\(["']([^"']+)["']\)/g],
  ])("loads two files for the core, and no package: %s", (entry, imports) => {
    const loaded = new Set<string>([`./${entry}`]);
    // What is added while it goes on is gone through, too.
    for (const file of loaded) {
      if (file.startsWith("./")) {
        const code = readFileSync(join(root, "dist", file), "utf8");
        for (const [, from, bare] of code.matchAll(imports)) {
          loaded.add(String(from ?? bare));
        }
      }
    }
    expect([...loaded].filter((file) => !file.startsWith("./"))).toEqual([]);
    // The entry, and the core that it shares with the others: each further file costs more than its code.
    expect([...loaded]).toHaveLength(2);
  });

  it.each([
    ["argania/jwt", "JWT", "npm install jose", ""],
    ["argania/logger", "LOGGER", "npm install pino", ".createLogger()"],
    ["argania/multipart", "MULTIPART", "npm install @fastify/busboy", ""],
    ["argania/websocket", "WEBSOCKET", "npm install ws", ""],
  ])("%s says what to install, from ESM and CJS", (entry, name, advice, use) => {
    const tell = "({ code, message }) => console.log(code, message)";
    const runs = {
      "peer.mjs": `import("${entry}").then((entry) => entry${use}).catch(${tell});`,
      "peer.cjs": `try { require("${entry}")${use}; } catch (error) { (${tell})(error); }`,
    };
    for (const [file, code] of Object.entries(runs)) {
      writeFileSync(join(folder, file), code);
      const output = execFileSync(process.execPath, [join(folder, file)], { encoding: "utf8" });
      expect(output).toContain(`ARGANIA_${name}_PACKAGE ${use.slice(1, -2)}`);
      expect(output).toContain(`Run: ${advice}\n`);
    }
  });

  it("finds its peers once they are installed, and an own bundle has them inside", () => {
    const modules = join(folder, "node_modules");
    for (const name of ["pino", "jose"]) {
      symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
    }
    try {
      const use = `createLogger({ name: "app", level: "info" }).info("hello");
        const layer = new JwtAuthLayer({ algorithms: ["HS256"], key: "k".repeat(64), issuer: null, audience: null });
        const root = new Resource("/").setHandlerFor(_get.to(() => "in")).addLayerTo(_requestReceiver(layer));
        const authorization = "Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA";
        root.intoService().request("/", { headers: { authorization } }).then(({ status }) => console.log(status));`;
      const names = [
        ["argania", "_get, _requestReceiver, Resource"],
        ["argania/jwt", "JwtAuthLayer"],
        ["argania/logger", "createLogger"],
      ];
      const imports = names.map(([entry, list]) => `import { ${list} } from "${entry}";`).join("");
      const requires = names.map(([entry, list]) => `const { ${list} } = require("${entry}");`).join("");
      const runs = ["all.mjs", "all.cjs", "outside.mjs", "inside.cjs"].map((file) => join(folder, file));
      const [esm = "", cjs = "", outside = "", inside = ""] = runs;
      writeFileSync(esm, `${imports}${use}`);
      writeFileSync(cjs, `${requires}${use}`);
      const options = { bundle: true, platform: "node", logLevel: "error" } as const;
      buildSync({ ...options, entryPoints: [esm], outfile: outside, format: "esm", external: ["pino"] });
      buildSync({ ...options, entryPoints: [esm], outfile: inside, format: "cjs" });
      for (const file of [esm, cjs, outside, inside]) {
        if (file === inside) {
          rmSync(join(modules, "pino"));
          rmSync(join(modules, "jose"));
        }
        const output = execFileSync(process.execPath, [file], { encoding: "utf8" });
        expect(output, file).toMatch(/"name":"app","msg":"hello"\}\n401\n$/);
      }
    } finally {
      rmSync(join(modules, "pino"), { force: true });
      rmSync(join(modules, "jose"), { force: true });
    }
  });

  it("loads no network module by being imported", () => {
    const code = `import "argania"; console.log(JSON.stringify(process.moduleLoadList.filter((name) => /NativeModule (http|https|http2|net|tls)$/.test(name))));`;
    writeFileSync(join(folder, "bare.mjs"), code);
    const empty = `console.log(JSON.stringify(process.moduleLoadList.filter((name) => /NativeModule (http|https|http2|net|tls)$/.test(name))));`;
    writeFileSync(join(folder, "empty.mjs"), empty);
    const run = (name: string) => execFileSync(process.execPath, [join(folder, name)], { encoding: "utf8" });
    expect(run("bare.mjs")).toBe(run("empty.mjs"));
  });

  it.each([
    ["typescript", "5.9"],
    ["typescript-next", "7"],
  ])("type-checks for users of %s %s", (compiler) => typeCheck({}, compiler), 120_000);

  it.each<[string, CompilerOptions, (readonly string[])?]>([
    ["exactOptionalPropertyTypes", { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }],
    ["strict off", { strict: false }],
    ["module node16", { module: "node16", moduleResolution: "node16", lib: ["es2022"] }],
    ["a bundler, and lib DOM without the types of Node", { ...BUNDLER, ...DOM, types: [] }, ["app.mts"]],
    ["a bundler, and no lib DOM", BUNDLER, ["app.mts"]],
    ["no lib and no types named", { lib: undefined, types: undefined }],
    ["module commonjs", { module: "commonjs", moduleResolution: "node10" }, ["main.ts"]],
  ])("type-checks with %s", (_, options, files) => typeCheck(options, "typescript", files), 120_000);

  it("can be compiled from its sources without exactOptionalPropertyTypes", () => {
    const config = join(root, "tsconfig.src.json");
    tsc("typescript", "-p", config, "--exactOptionalPropertyTypes", "false");
  }, 120_000);

  it("has the documents that its README leads to", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const links = [...readme.matchAll(/\]\(([\w./-]+\.md)\b/g)].map(([, link = ""]) => link);
    // Decisions and CONTRIBUTING.md are for whoever has the repository.
    const missing = links.filter(
      (link) =>
        !/^(?:decisions\/|CONTRIBUTING\.md$)/.test(link) && !files.includes(link.split("/")[0] as string),
    );
    expect(links).toContain("docs/layers.md");
    expect(missing).toEqual([]);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it("names no private registry in its lock file", () => {
    expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toContain('"resolved"');
  });
});
