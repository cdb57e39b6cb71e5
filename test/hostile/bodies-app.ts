import { onTestFinished } from "vitest";
import { type RunningApp, runApp } from "../support/run-app.ts";
import type { Target } from "./raw-client.ts";

/** The program that reads bodies, in a process of its own. */
export interface BodiesApp extends Target {
  readonly app: RunningApp;
  /** What it answers to `GET`. */
  get(path: string): Promise<string>;
}

export async function startBodiesApp(...execArgv: string[]): Promise<BodiesApp> {
  const app = await runApp(new URL("./apps/bodies.ts", import.meta.url), {}, { execArgv });
  const [, port] = await app.until(/port (\d+);/);
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  return { app, host: "127.0.0.1", port: Number(port), get };
}

/** The same for one test. */
export async function withBodiesApp(...execArgv: string[]): Promise<BodiesApp> {
  const started = await startBodiesApp(...execArgv);
  onTestFinished(async () => {
    started.app.process.kill("SIGKILL");
    await started.app.exit;
  });
  return started;
}
