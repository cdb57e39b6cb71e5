import { execFileSync } from "node:child_process";
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
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../scripts/setup.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { dependencies, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  exports: Record<string, unknown>;
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
  ])(
    "type-checks for users of %s %s",
    (compiler) => {
      const code = `import { _get, json, Resource, Router, type Service } from "argania";${APP}export const typed: Promise<Response> = response;\nexport const s: Service = service;\n// @ts-expect-error\nnew Resource("/{id}").setHandlerFor(_get.to((c) => c.params.nope));\n`;
      const all = entries.map((entry, index) => `import * as e${index} from "${entry}";\nvoid e${index};\n`);
      for (const name of ["app.mts", "app.cts"]) {
        writeFileSync(join(folder, name), `${all.join("")}${code}`);
      }
      const options = {
        compilerOptions: {
          target: "es2022",
          module: "nodenext",
          moduleResolution: "nodenext",
          strict: true,
          noEmit: true,
          skipLibCheck: false,
          lib: ["es2023"],
          types: ["node"],
        },
        files: ["app.mts", "app.cts"],
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
      const tsc = join(root, "node_modules", compiler, "bin/tsc");
      expect(existsSync(tsc)).toBe(true);
      execFileSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8", stdio: "pipe" });
    },
    120_000,
  );

  it("names no private registry in its lock file", () => {
    expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toContain('"resolved"');
  });
});
