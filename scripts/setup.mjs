// Installs and builds only when something changed: both steps leave the hash of what they used.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const installHashFile = join(root, "node_modules", ".argania-lock-hash");
const buildHashFile = join(root, "dist", ".build-hash");
const buildInputs = [
  "src",
  "peers",
  "tsup.config.ts",
  "tsconfig.json",
  "tsconfig.src.json",
  "package.json",
  "package-lock.json",
];

/** Ends the process with a message when this Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Argania needs Node 20.19 or newer; this is ${process.version} (${process.execPath}).`);
  process.exit(1);
}

/** Runs `npm ci` if node_modules is absent or was installed from another package-lock.json. */
export function ensureInstalled() {
  requireNode();
  const hash = hashOf(["package-lock.json"]);
  if (readIfPresent(installHashFile) === hash) return;
  // Standard output stays clean for what comes after. npm itself says nothing for a minute.
  console.error("Installing the dependencies with npm ci, since package-lock.json is new or has changed.");
  run("npm ci", ...npmCommand(["ci", "--include=dev", "--no-fund", "--no-audit", "--loglevel=error"]));
  writeFileSync(installHashFile, hash);
}

/** Builds dist/ if the sources or the build's settings changed since the last build. */
export function ensureBuilt() {
  const hash = hashOf(buildInputs);
  if (readIfPresent(buildHashFile) === hash) return;
  console.error("Building dist/, since the sources are new or have changed.");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  run("the build", process.execPath, [
    join(root, "node_modules", "tsup", "dist", "cli-default.js"),
    "--silent",
  ]);
  declareForRequire();
  writeFileSync(buildHashFile, hash);
}

/** The declarations for `require` are those for `import` with other names: making them once takes half the time. */
function declareForRequire() {
  const dist = join(root, "dist");
  for (const name of readdirSync(dist).filter((file) => file.endsWith(".d.ts"))) {
    const declarations = readFileSync(join(dist, name), "utf8");
    const renamed = declarations.replaceAll(/((?:\bfrom |\bimport\()['"]\.\/[^'"]+)\.js(?=['"])/g, "$1.cjs");
    writeFileSync(join(dist, name.replace(/\.d\.ts$/, ".d.cts")), renamed);
  }
}

/** A hash over the files and, recursively, the folders; paths are relative to the repository. */
export function hashOf(paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap(filesUnder)) {
    const content = readFileSync(join(root, file));
    hash.update(`\0${file.replaceAll("\\", "/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

export function readIfPresent(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

export function writeInto(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function filesUnder(path) {
  if (!existsSync(join(root, path))) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

function npmCommand(args) {
  const cli = process.env.npm_execpath;
  if (cli !== undefined && basename(cli) === "npm-cli.js") return [process.execPath, [cli, ...args]];
  return ["npm", args];
}

function run(what, command, args) {
  const shell = process.platform === "win32" && command === "npm";
  const { status, signal, error } = spawnSync(command, args, { cwd: root, shell, stdio: ["ignore", 2, 2] });
  if (status === 0) return;
  console.error(`${what} failed${error ? `: ${error.message}` : signal ? ` (${signal})` : ""}`);
  process.exit(status || 1);
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  const step = process.argv[2];
  if (step !== "install" && step !== "build") {
    console.error("usage: node scripts/setup.mjs install|build");
    process.exit(2);
  }
  ensureInstalled();
  if (step === "build") ensureBuilt();
}
