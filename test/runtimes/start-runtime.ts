// Starts the app in another runtime than this one, if the machine has it.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ENTRIES } from "../support/entries.ts";

export type RuntimeName = "node" | "bun" | "deno" | "workers";

export interface Runtime {
  readonly url: string;
  /** What it has written, for the messages of failures. */
  readonly output: () => string;
  readonly stop: () => void;
}

const here = fileURLToPath(new URL(".", import.meta.url));
const PACKAGES: Readonly<Record<Exclude<RuntimeName, "node">, readonly string[]>> = {
  bun: ["@oven/bun-linux-x64/bin/bun", "bun"],
  deno: ["@deno/linux-x64-glibc/deno", "deno"],
  workers: ["@cloudflare/workerd-linux-64/bin/workerd", "workerd"],
};

/** The program of a runtime: from the packages beside this file, or the one that is installed. */
export function programOf(name: RuntimeName): string | undefined {
  if (name === "node") return process.execPath;
  const [packaged = "", command = ""] = PACKAGES[name];
  const own = join(here, "node_modules", packaged);
  if (existsSync(own)) return own;
  return spawnSync(command, ["--version"]).status === 0 ? command : undefined;
}

/** The app as one file, as it is deployed to edge platforms. */
async function bundleApp(name: RuntimeName, outfile: string): Promise<void> {
  await build({
    entryPoints: [join(here, "apps", `${name}.ts`)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    alias: ENTRIES,
    // package.json says which files of dist/ have side effects, not which sources.
    ignoreAnnotations: true,
    // Of Node alone.
    external: ["ws", "pino", "express"],
    banner: { js: REQUIRE },
    logLevel: "error",
    absWorkingDir: here,
  });
}

/** What packages in CommonJS ask for modules of Node with. */
const REQUIRE = `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url ?? "file:///app.mjs");`;

export async function startRuntime(name: RuntimeName): Promise<Runtime> {
  const program = programOf(name);
  if (program === undefined) throw new Error(`${name} is not installed.`);
  const folder = mkdtempSync(join(tmpdir(), `argania-${name}-`));
  const bundle = join(folder, "app.mjs");
  await bundleApp(name, bundle);
  // For what is not in the bundle; Deno looks into package.json first.
  for (const name of ["node_modules", "package.json"])
    symlinkSync(join(here, "../..", name), join(folder, name));
  const port = name === "workers" ? await freePort() : 0;
  if (name === "workers") writeFileSync(join(folder, "config.capnp"), workersConfig(port));
  const child = spawn(program, ARGUMENTS[name](folder), {
    cwd: folder,
    env: { ...process.env, FILES: join(here, "files") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const stop = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = `http://127.0.0.1:${await portOf(child, () => output, port)}`;
    return { url, output: () => output, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

const ARGUMENTS: Readonly<Record<RuntimeName, (folder: string) => string[]>> = {
  node: () => ["app.mjs"],
  bun: () => ["run", "app.mjs"],
  deno: () => ["run", "--no-check", "--no-lock", "--node-modules-dir=manual", "--allow-all", "app.mjs"],
  workers: () => ["serve", "config.capnp"],
};

function workersConfig(port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "app", worker = (
    modules = [(name = "app.mjs", esModule = embed "app.mjs")],
    compatibilityDate = "2026-11-01",
    compatibilityFlags = ["nodejs_compat", "enable_request_signal"],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "app")],
);
`;
}

/** Programs say where they listen; workerd is told. */
async function portOf(child: ChildProcess, output: () => string, told: number): Promise<number> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const [, said] = /listens on (\d+)/.exec(output()) ?? [];
    if (said !== undefined) return Number(said);
    if (told !== 0 && (await answers(told))) return told;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`It did not start:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No port.");
  return address.port;
}
