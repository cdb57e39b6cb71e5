import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type RunningApp, type RunOptions, runApp } from "../support/run-app.ts";
import { RawClient } from "./raw-client.ts";

/** The program with workers, in a process group of its own that is killed when the test is over. */
export interface WorkerApp extends RunningApp {
  /** Answers the held requests. */
  release(): void;
  /** Sends a signal to the process that started the workers, to one of them by its process id, or to all of them. */
  signal(signal: NodeJS.Signals, to?: number | "group"): void;
  /** Waits until it serves, and gives its ports. */
  ports(): Promise<number[]>;
}

/** Its `exit` comes when no process of it is left that could write to standard output: the workers inherit that. */
export async function startWorkers(
  env: Readonly<Record<string, string>> = {},
  options: RunOptions = {},
): Promise<WorkerApp> {
  const folder = mkdtempSync(join(tmpdir(), "argania-workers-"));
  const released = join(folder, "released");
  const entry = new URL("./apps/workers.ts", import.meta.url);
  const app = await runApp(entry, { RELEASE: released, ...env }, { ...options, detached: true });
  const pid = app.process.pid as number;
  const signal = (name: NodeJS.Signals, to: number | "group" = pid) => {
    process.kill(to === "group" ? -pid : to, name);
  };
  onTestFinished(async () => {
    try {
      signal("SIGKILL", "group");
    } catch {
      // All of them are gone, as they should be.
    }
    await app.exit;
    rmSync(folder, { recursive: true, force: true });
  });
  const ports = async () => {
    const [, list = ""] = await app.until(/ports ([\d ]+);/);
    return list.split(" ").map(Number);
  };
  return { ...app, release: () => writeFileSync(released, ""), signal, ports };
}

/** Which worker answers on a new connection. */
export async function whoAnswers(port: number): Promise<{ number: number; pid: number }> {
  const text = await (await RawClient.connect(port)).get("/", "Connection: close").all();
  const [, number, pid] = /worker (\d+) process (\d+);/.exec(text) ?? [];
  return { number: Number(number), pid: Number(pid) };
}

/** Asks until that many workers have answered, and gives their process ids by number. */
export async function answeringWorkers(port: number, count: number): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  while (found.size < count) {
    const { number, pid } = await whoAnswers(port);
    found.set(number, pid);
  }
  return found;
}

/** Asks until another process answers for that number. */
export async function untilReplaced(port: number, number: number, old: number): Promise<number> {
  for (;;) {
    const found = await whoAnswers(port).catch(() => undefined);
    if (found?.number === number && found.pid !== old) {
      return found.pid;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
