import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ENTRIES } from "./entries.ts";

const REQUIRE =
  'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';

/** A program in a process of its own: for signals, exit codes and what a process must not have loaded. */
export interface RunningApp {
  readonly process: ChildProcess;
  /** What it has written so far, standard error included. */
  output(): string;
  /** Waits until its output matches; rejects when it ends before that. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Writes a line to its standard input. */
  tell(line: string): void;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface RunOptions {
  readonly format?: "esm" | "cjs";
  readonly execArgv?: readonly string[];
  readonly args?: readonly string[];
  /** In a process group of its own, which signals can be sent to. */
  readonly detached?: boolean;
  /** Gives it a terminal, which `script` of util-linux makes: its errors come by standard output, too. */
  readonly terminal?: boolean;
}

/** Bundles a TypeScript file, which Node 20 cannot run, and runs it. */
export async function runApp(
  entry: URL,
  env: Readonly<Record<string, string>> = {},
  { format = "esm", execArgv = [], args = [], detached = false, terminal = false }: RunOptions = {},
): Promise<RunningApp> {
  const directory = mkdtempSync(join(tmpdir(), "argania-app-"));
  const outfile = join(directory, format === "esm" ? "app.mjs" : "app.cjs");
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    platform: "node",
    format,
    alias: ENTRIES,
    // What is bundled of CommonJS asks for Node's own modules.
    ...(format === "esm" ? { banner: { js: REQUIRE } } : {}),
    logLevel: "error",
  });
  const command = [process.execPath, ...execArgv, outfile, ...args];
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const [program, ...words] = terminal ? ["script", "-qec", quoted, "/dev/null"] : command;
  const child = spawn(program as string, words, {
    env: { ...process.env, ...env },
    stdio: "pipe",
    detached,
  });
  let output = "";
  const listeners = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    for (const listener of listeners) {
      listener();
    }
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => {
      rmSync(directory, { recursive: true, force: true });
      resolve({ code, signal });
    });
  });
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(output);
        if (found !== null) {
          listeners.delete(look);
          resolve(found);
        }
      };
      listeners.add(look);
      look();
      exit.then(() => reject(new Error(`The program ended before it wrote ${pattern}:\n${output}`)));
    });
  return {
    process: child,
    output: () => output,
    until,
    tell: (line) => child.stdin.write(`${line}\n`),
    exit,
  };
}
