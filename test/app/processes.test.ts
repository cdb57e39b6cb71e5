import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type RunningApp, runApp } from "../support/run-app.ts";
import { folderWith } from "./config-folder.ts";

const FILES = { "default.yaml": "server:\n  port: 0\n  shutdown: { grace: 3000, cleanUp: 3000 }\n" };

async function start(
  env: Record<string, string> = {},
  files: Record<string, string> = FILES,
): Promise<RunningApp> {
  const program = new URL("./programs/shop.ts", import.meta.url);
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

const urlOf = async (app: RunningApp) => (await app.until(/worker null serves (\S+);/))[1] as string;

/** What it said, without who and the port. */
const said = (app: RunningApp) =>
  [...app.output().matchAll(/^app \d+: (.*);$/gm)].map(([, what = ""]) => what.replace(/:\d+$/, ":port"));

const BOOTED = ["migrated", "opening", "opened", "routes", "worker null serves http://127.0.0.1:port"];
const ENDED = ["cache closed", "closing db", "closed", "migrations closed", "app closed"];

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s finishes requests, then shuts down in reverse order",
  async (signal) => {
    const app = await start();
    const url = await urlOf(app);
    const answer = fetch(`${url}/held`).then((response) => response.text());
    await app.until(/held;/);
    app.process.kill(signal);
    expect(await answer).toBe("held");
    expect(await app.exit).toEqual({ code: 0, signal: null });
    expect(said(app)).toEqual([...BOOTED, "held", ...ENDED]);
  },
);

test("variables say where it serves", async () => {
  const app = await start(
    { SHOP__SERVER__ADDRESS: '["127.0.0.1:0"]' },
    { "default.json": '{"server":{"address":[]}}' },
  );
  expect(await (await fetch(await urlOf(app))).text()).toMatch(/^db \d+$/);
});

test("a shutdown may take longer than connections have, and is waited for", async () => {
  const files = { "default.yaml": "server:\n  port: 0\n  shutdown: { grace: 0, cleanUp: 5000 }\n" };
  const app = await start({ MODE: "slow-close" }, files);
  await urlOf(app);
  app.process.kill("SIGTERM");
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(said(app).slice(-5)).toEqual(ENDED);
});

test("what keeps the process alive does not keep it for ever", async () => {
  const files = { "default.yaml": "server:\n  port: 0\n  shutdown: { grace: 100, cleanUp: 100 }\n" };
  const app = await start({ MODE: "keeps-alive" }, files);
  await urlOf(app);
  app.process.kill("SIGTERM");
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(said(app).slice(-5)).toEqual(ENDED);
});

test("an onShutdown that fails is reported, keeps no other from its turn, and the exit code is 1", async () => {
  const app = await start({ MODE: "close-fails" });
  await urlOf(app);
  app.process.kill("SIGTERM");
  expect(await app.exit).toEqual({ code: 1, signal: null });
  expect(said(app).slice(-5)).toEqual(ENDED);
  expect(app.output()).toContain(
    'onShutdown of the initializer "database" failed: the database does not close',
  );
});

test.each([
  [
    "boot-fails",
    'beforeRun of the initializer "cache" failed: no cache',
    ["migrated", "opening", "opened", "closing db", "closed", "migrations closed", "app closed"],
  ],
  ["routes-fail", "no routes", ["migrated", "opening", "opened", "routes", ...ENDED]],
  ["address", "could not listen on any address", ["migrated", "opening", "opened", "routes", ...ENDED]],
])("%s: what was opened is closed, and the exit code is 1", async (mode, message, lines) => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const app = await start({ MODE: mode, ADDRESS: `127.0.0.1:${port}` });
  expect(await app.exit).toEqual({ code: 1, signal: null });
  expect(app.output()).toContain(message);
  expect(said(app)).toEqual(lines);
});

test("a signal while it boots: what is under way is waited for, then it ends", async () => {
  const app = await start({ MODE: "slow-boot" });
  await app.until(/opening;/);
  app.process.kill("SIGTERM");
  expect((await app.exit).code).toBe(1);
  expect(said(app)).toEqual([
    "migrated",
    "opening",
    "opened",
    "closing db",
    "closed",
    "migrations closed",
    "app closed",
  ]);
  expect(app.output()).toContain("ARGANIA_APP_STATE");
});

test("a second signal ends it at once", async () => {
  const app = await start({ MODE: "stuck" });
  await app.until(/opening;/);
  app.process.kill("SIGTERM");
  app.process.kill("SIGTERM");
  app.process.kill("SIGINT");
  const { code, signal } = await app.exit;
  expect([code, signal]).not.toEqual([0, null]);
  expect(said(app)).toEqual(["migrated", "opening"]);
});

test("without shutdown, signals are Node's", async () => {
  const app = await start({}, { "default.yaml": "server: { port: 0, shutdown: false }" });
  await urlOf(app);
  app.process.kill("SIGTERM");
  expect(await app.exit).toEqual({ code: null, signal: "SIGTERM" });
  expect(said(app)).toEqual(BOOTED);
});

test("a configuration that does not hold ends it before anything begins", async () => {
  const app = await start({ SHOP__SERVER__PORT: "hunter2" });
  expect(await app.exit).toEqual({ code: 1, signal: null });
  expect(app.output()).toContain(
    "server.port (SHOP__SERVER__PORT): this must be a number, since it replaces one",
  );
  expect(app.output()).not.toContain("hunter2");
  expect(said(app)).toEqual([]);
});
