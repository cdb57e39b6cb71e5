import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { bundleExample, outDir } from "../../scripts/examples.mjs";

export interface RunningExample {
  /** Where it serves, as it has printed it. */
  readonly url: string;
  output(): string;
  /** Sends SIGTERM, and resolves when the process has ended. */
  stop(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts an example in a process of its own, as `npm start` does, but from the sources and on any free port. */
export async function runExample(
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningExample> {
  const outFile = join(outDir, `test-${name}-${process.pid}.mjs`);
  await bundleExample(name, outFile);
  const child = spawn(process.execPath, [outFile], {
    env: { ...process.env, NODE_ENV: "development", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => {
      rmSync(outFile, { force: true });
      resolve({ code, signal });
    });
  });
  const url = await new Promise<string>((resolve, reject) => {
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /Serving on (http:\S+?)[.,]?\s/.exec(output);
      if (found !== null) {
        resolve(found[1] as string);
      }
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    exit.then(() => reject(new Error(`The example ${name} ended before it served:\n${output}`)));
  });
  return {
    url,
    output: () => output,
    stop: () => {
      child.kill("SIGTERM");
      return exit;
    },
  };
}
