import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormData, fetch } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { type RunningApp, runApp } from "../support/run-app.ts";
import { BOUNDARY, CONTENT_TYPE } from "./form-of.ts";

// Nothing touches the disk unless it is asked to. That is proven by a process that may not write at all, anywhere (Node's
// permission model), and by the folders that a process which may could write into.

const FILE = 8 * 2 ** 20;
const LENGTHS = [FILE, 5];

let app: RunningApp;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "argania-disk-"));
  for (const name of ["temporary", "saved"]) {
    mkdirSync(join(folder, name));
  }
});

afterEach(async () => {
  app.process.kill("SIGKILL");
  await app.exit;
  rmSync(folder, { recursive: true, force: true });
});

async function start(execArgv: readonly string[]): Promise<number> {
  const temporary = join(folder, "temporary");
  const env = { SAVE_TO: join(folder, "saved"), TMPDIR: temporary, TMP: temporary, TEMP: temporary };
  app = await runApp(new URL("disk-app.ts", import.meta.url), env, { format: "cjs", execArgv });
  return Number((await app.until(/port (\d+);/))[1]);
}

async function post(port: number, path: string): Promise<{ status: number; body: unknown }> {
  const form = new FormData();
  form.append("file", new File([Buffer.alloc(FILE, "x")], "large.bin"));
  form.append("title", "hello");
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: form });
  return { status: response.status, body: await response.json() };
}

const WAYS: readonly (readonly [string, readonly number[]])[] = [
  ["/stream", LENGTHS],
  ["/bytes", LENGTHS],
  ["/text", LENGTHS],
  ["/object", LENGTHS],
  ["/fields", LENGTHS],
  ["/skip", [4, 5]],
  ["/first", [4]],
];

/** A client that goes away in the midst of a file. */
async function abandon(port: number, path: string): Promise<void> {
  const client = await RawClient.connect(port);
  const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${CONTENT_TYPE}\r\nContent-Length: 1000000\r\n\r\n`;
  client.send(
    `${head}--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${"x".repeat(300_000)}`,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  client.socket.resetAndDestroy();
}

const flags = process.allowedNodeEnvironmentFlags;
const permission = flags.has("--permission") ? "--permission" : "--experimental-permission";
const MAY_ONLY_READ = [
  permission,
  "--allow-fs-read=*",
  // Node 25 and later ask for that, too.
  ...(flags.has("--allow-net") ? ["--allow-net"] : []),
];

describe("a server that may not write a file", () => {
  test("takes forms, however they are read", async () => {
    const port = await start(MAY_ONLY_READ);
    for (const [path, expected] of WAYS) {
      expect([path, await post(port, path)]).toEqual([path, { status: 200, body: expected }]);
    }
    expect(app.output()).not.toContain("reported");
  });

  test("cannot save one, which shows that it may not", async () => {
    const port = await start(MAY_ONLY_READ);
    expect((await post(port, "/save")).status).toBe(500);
    await app.until(/reported ERR_ACCESS_DENIED;/);
  });
});

test("a server that may write does so only for what is to be saved, and where", async () => {
  const port = await start([]);
  for (const [path, expected] of WAYS) {
    expect((await post(port, path)).body).toEqual(expected);
    await abandon(port, path);
  }
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["saved", "temporary"]);
  expect((await post(port, "/save")).body).toEqual(LENGTHS);
  await abandon(port, "/save");
  const all = ["saved", "saved/file", "saved/title", "temporary"].map((path) => join(path));
  await expect.poll(() => readdirSync(folder, { recursive: true }).sort()).toEqual(all);
});
