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
    const modules = importsOf(file).filter((name) => name.startsWith("node:"));
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
