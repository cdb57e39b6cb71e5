import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const source = fileURLToPath(new URL("../../src", import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

/** CONTRACT §10: import only to the left. Those that share a place do not import each other. */
const ORDER: readonly (readonly string[])[] = [
  ["common"],
  ["pattern"],
  ["request", "response"],
  ["signals", "data"],
  ["handler"],
  ["middleware"],
  ["resource"],
  ["host"],
  ["router"],
  ["inspect"],
  ["server"],
  ["app"],
  ["index.ts"],
];

/** Where files are read or written; nowhere else. */
const FILE_FOLDER = /^(?:app|data\/(?:file|multipart)|resource\/static)\//;

const NETWORK_MODULE = /^node:(?:http|https|http2|net|tls|dgram|cluster)$/;

/**
 * Who takes a network module without an import, outside of the server, and why. Each of them only asks for what whoever
 * serves the request has loaded, and nothing that opens a port or a connection.
 */
const LAZY_NETWORK: Readonly<Record<string, readonly [module: string, reason: string]>> = {
  "handler/upgrade-listener.ts": [
    "node:http",
    "the listener for an http.Server of somebody else's: a refused upgrade is answered by a ServerResponse",
  ],
  "middleware/connect/node-http.ts": [
    "node:http",
    "middleware of Connect wants a request and a response of the classes that it checks for and extends",
  ],
};

/** Calls that give a module of Node, up to what they are given: by the process, a `require` or an import. */
const TYPES = String.raw`(?:<(?:[^()"';{}]|import\([^()]*\)|\(\))*>)?`;
const BY_PROCESS = String.raw`\b(?:getBuiltinModule|builtinModule)(?:\?\.)?${TYPES}\(`;
const LAZY_MODULE = new RegExp(
  String.raw`(?:${BY_PROCESS}|\b(?:require|import)\()\s*(["'\x60])(?:node:)?([\w/]+)\1`,
  "g",
);
const HIDDEN_MODULE = new RegExp(String.raw`${BY_PROCESS}(?!\s*["'\x60])`);

/** The modules of Node that code takes without a static import, each with its prefix. */
function lazyModulesOf(code: string): string[] {
  return [...code.matchAll(LAZY_MODULE)].map((match) => `node:${match[2]}`);
}

function withoutComments(file: string): string {
  return readFileSync(join(source, file), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), "utf8");
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)[^"';]*?from\s+"([^"]+)"|import\("([^"]+)"\)/g)].map(
    (match) => (match[1] ?? match[2]) as string,
  );
}

function placeOf(file: string): { place: number; folder: string } {
  const folder = file.split("/")[0] as string;
  return { place: ORDER.findIndex((level) => level.includes(folder)), folder };
}

describe.each(files)("src/%s", (file) => {
  it("stands in a folder of the layout", () => {
    expect(placeOf(file).place).toBeGreaterThanOrEqual(0);
  });

  it("imports only to the left", () => {
    const own = placeOf(file);
    for (const specifier of importsOf(file).filter((name) => name.startsWith("."))) {
      const target = relative(source, join(source, dirname(file), specifier));
      const other = placeOf(target);
      const isAllowed = other.folder === own.folder || other.place < own.place;
      expect(isAllowed, `${file} imports ${target}`).toBe(true);
    }
  });

  it("uses network modules only in the server, and files only for files", () => {
    const lazy = lazyModulesOf(withoutComments(file));
    const excused = LAZY_NETWORK[file]?.[0];
    const modules = [
      ...importsOf(file).filter((name) => name.startsWith("node:")),
      ...lazy.filter((name) => name !== excused),
    ];
    const refused = modules.filter(
      (name) =>
        (NETWORK_MODULE.test(name) && !file.startsWith("server/")) ||
        (/^node:fs/.test(name) && !FILE_FOLDER.test(file)),
    );
    expect(refused).toEqual([]);
  });

  it("is short, named in kebab-case, and free of any", () => {
    const text = readFileSync(join(source, file), "utf8");
    expect(text.split("\n").length).toBeLessThanOrEqual(250);
    expect(file).toMatch(/^(?:[a-z]+(?:-[a-z]+)*\/)*[a-z\d]+(?:-[a-z\d]+)*\.ts$/);
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect(code).not.toMatch(/:\s*any\b|\bas any\b|<any>|@ts-ignore|@ts-nocheck/);
  });
});

describe("a module of Node that is taken without an import", () => {
  it.each([
    'process.getBuiltinModule("node:http")',
    "process?.getBuiltinModule?.('http')",
    'builtinModule<typeof import("node:http")>("node:http")',
    'builtinModule<HttpModule>("node:http")',
    "builtinModule(`node:http`)",
    'require("http")',
    'await import("node:http")',
    'builtinModule<Map<string, () => void>>(\n  "node:http",\n)',
  ])("is seen in %s", (code) => {
    expect(lazyModulesOf(code)).toContain("node:http");
  });

  it("has a name that can be read, so that none is hidden", () => {
    const hidden = files.filter((file) => HIDDEN_MODULE.test(withoutComments(file)));
    // What the others call, with the names that they write.
    expect(hidden).toEqual(["common/builtin-module.ts"]);
    expect("process.getBuiltinModule(name)").toMatch(HIDDEN_MODULE);
    expect("builtinModule<HttpModule>(PREFIX + name)").toMatch(HIDDEN_MODULE);
  });

  it("is excused only where it is taken", () => {
    for (const [file, [module]] of Object.entries(LAZY_NETWORK)) {
      expect(lazyModulesOf(withoutComments(file)), file).toContain(module);
    }
  });
});

describe("the server", () => {
  it("knows of the tree only the Service interface", () => {
    const folders = files
      .filter((file) => file.startsWith("server/"))
      .flatMap((file) => importsOf(file).filter((name) => name.startsWith("..")))
      .map((name) => name.replace("../", ""));
    for (const target of folders) {
      expect(target).toMatch(/^(?:common\/|handler\/(?:service|logger|node-listener)\.ts$|request\/node-)/);
    }
  });
});
