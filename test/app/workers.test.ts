import { expect, onTestFinished, test } from "vitest";
import { type RunningApp, runApp } from "../support/run-app.ts";
import { folderWith } from "./config-folder.ts";

async function start(
  env: Record<string, string> = {},
  shutdown = "{ grace: 3000, cleanUp: 3000 }",
): Promise<RunningApp> {
  const program = new URL("./programs/shop.ts", import.meta.url);
  const files = { "default.yaml": `server:\n  port: 0\n  workers: 2\n  shutdown: ${shutdown}\n` };
  const app = await runApp(
    program,
    { CONFIG: folderWith(files), NODE_ENV: "production", ...env },
    { detached: true },
  );
  onTestFinished(async () => {
    try {
      process.kill(-(app.process.pid as number), "SIGKILL");
    } catch {
      // It is gone, as it should be.
    }
    await app.exit;
  });
  return app;
}

/** What each process said, the first one's under "app". */
function said(app: RunningApp): { readonly app: string[]; readonly workers: string[][] } {
  const byProcess = new Map<string, string[]>();
  for (const [, who = "", pid = "", what = ""] of app.output().matchAll(/^(app|worker) (\d+): (.*);$/gm)) {
    const key = who === "app" ? who : pid;
    byProcess.set(key, [...(byProcess.get(key) ?? []), what.replace(/\d serves \S+$/, "n serves")]);
  }
  const { app: own = [], ...workers } = Object.fromEntries(byProcess);
  return { app: own.map((what) => what.replace(/ http\S+/, "")), workers: Object.values(workers) };
}

const SERVED = ["opening", "opened", "routes", "worker n serves"];
const ENDED = ["cache closed", "closing db", "closed", "app closed"];

test("the first process runs what runs in the first, before there are workers and after they have ended", async () => {
  const app = await start();
  const [, url = ""] = await app.until(/worker null serves (\S+);/);
  expect(await (await fetch(url)).text()).toMatch(/^db \d+$/);
  app.process.kill("SIGTERM");
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(said(app)).toEqual({
    app: ["migrated", "worker null serves", "migrations closed", "app closed"],
    workers: [
      [...SERVED, ...ENDED],
      [...SERVED, ...ENDED],
    ],
  });
  const output = app.output();
  expect(output.indexOf("migrated")).toBeLessThan(output.indexOf("opening"));
  expect(output.lastIndexOf("closing db")).toBeLessThan(output.indexOf("migrations closed"));
});

test("workers have the time that they need to shut down", async () => {
  const app = await start({ MODE: "slow-close" }, "{ grace: 0, cleanUp: 5000 }");
  await app.until(/worker null serves (\S+);/);
  app.process.kill("SIGTERM");
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(said(app).workers.map((lines) => lines.slice(-4))).toEqual([ENDED, ENDED]);
});

test("workers that cannot boot end the program, and what is open is closed everywhere", async () => {
  const app = await start({ MODE: "boot-fails" });
  expect(await app.exit).toEqual({ code: 1, signal: null });
  expect(app.output()).toContain('beforeRun of the initializer "cache" failed: no cache');
  expect(app.output()).toContain("ARGANIA_SERVE");
  expect(said(app).app).toEqual(["migrated", "migrations closed", "app closed"]);
  for (const lines of said(app).workers) {
    expect(lines.slice(0, 2)).toEqual(["opening", "opened"]);
  }
});
