import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Resource, Server, type ServerHandle } from "argania";
import { StaticFiles } from "argania/static";
import { type Browser, chromium } from "playwright-core";
import { fetch as undiciFetch } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { announceSkipped, curlVersion, findChromium } from "../examples/find-program.ts";
import { makeFiles, patternBytes } from "./temp-files.ts";

const execute = promisify(execFile);
const CONTENT = patternBytes(500_000);
const SCRIPT = `document.title = "loaded"; // ${"x".repeat(5_000)}`;

let directory = "";
let server: ServerHandle;
const at = (path: string) => `http://127.0.0.1:${server.address.port}${path}`;

beforeAll(async () => {
  directory = makeFiles({
    "data.bin": CONTENT,
    "index.html": `<!doctype html><link rel="stylesheet" href="style.css"><img src="pic.svg"><script src="app.3f9a1c2b.js"></script><video src="data.bin" preload="auto"></video><h1>page</h1>`,
    "style.css": "h1 { color: rgb(1, 2, 3); }",
    "pic.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`,
    "app.3f9a1c2b.js": SCRIPT,
  });
  const files = new StaticFiles("/app/", directory, {
    compress: true,
    immutable: true,
    spaFallback: "index.html",
  }).intoResource();
  server = await new Server().serve(new Resource("/").addSubresource(files).intoService(), "127.0.0.1:0");
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const hasCurl = curlVersion() !== "";
if (!hasCurl) {
  announceSkipped("tests of files with curl are", "there is no curl.");
}

describe.skipIf(!hasCurl)("curl", () => {
  const curl = async (...args: string[]) =>
    (await execute("curl", ["-sS", ...args], { encoding: "buffer", maxBuffer: 2 ** 24 })).stdout;

  it("downloads a file, and a part of it", async () => {
    expect((await curl(at("/app/data.bin"))).equals(CONTENT)).toBe(true);
    expect((await curl("-r", "100-299", at("/app/data.bin"))).equals(CONTENT.subarray(100, 300))).toBe(true);
    expect((await curl("-r", "-50", at("/app/data.bin"))).equals(CONTENT.subarray(-50))).toBe(true);
  });

  it("downloads several parts at once", async () => {
    const output = await curl("-D", "-", "-r", "0-9,1000-1019,-5", at("/app/data.bin"));
    const end = output.indexOf("\r\n\r\n");
    const head = output.subarray(0, end).toString();
    expect(head).toMatch(/^HTTP\/1\.1 206 Partial Content\r\n/);
    const boundary = /content-type: multipart\/byteranges; boundary=(\S+)/.exec(head)?.[1];
    expect(boundary).toBeDefined();
    const body = output.subarray(end + 4);
    expect(Number(/content-length: (\d+)/.exec(head)?.[1])).toBe(body.length);
    const parts = body.toString("latin1").split(`--${boundary}`);
    expect([parts[0], parts.at(-1)]).toEqual(["", "--\r\n"]);
    const read = parts.slice(1, -1).map((part) => {
      const [lines = "", ...rest] = part.split("\r\n\r\n");
      const content = Buffer.from(rest.join("\r\n\r\n").replace(/\r\n$/, ""), "latin1");
      return [/content-range: (.*)/i.exec(lines)?.[1], content];
    });
    expect(read).toEqual([
      ["bytes 0-9/500000", CONTENT.subarray(0, 10)],
      ["bytes 1000-1019/500000", CONTENT.subarray(1_000, 1_020)],
      ["bytes 499995-499999/500000", CONTENT.subarray(-5)],
    ]);
  });

  it("gets parts that nearly touch as one, which is shorter (RFC 9110 §14.2)", async () => {
    const output = await curl("-D", "-", "-r", "0-9,20-29", at("/app/data.bin"));
    const end = output.indexOf("\r\n\r\n");
    expect(output.subarray(0, end).toString()).toContain("content-range: bytes 0-29/500000");
    expect(output.subarray(end + 4).equals(CONTENT.subarray(0, 30))).toBe(true);
  });

  it("goes on with a download that was broken off", async () => {
    const path = join(directory, "..", `argania-resumed-${process.pid}`);
    try {
      writeFileSync(path, CONTENT.subarray(0, 123_456));
      await curl("-C", "-", "-o", path, at("/app/data.bin"));
      expect(readFileSync(path).equals(CONTENT)).toBe(true);
    } finally {
      rmSync(path, { force: true });
    }
  });

  it("decodes what is compressed for it", async () => {
    const path = "/app/app.3f9a1c2b.js";
    expect((await curl("--compressed", at(path))).toString()).toBe(SCRIPT);
    const head = (await curl("-D", "-", "-o", "/dev/null", "--compressed", at(path))).toString();
    expect(head).toMatch(/content-encoding: (?:br|gzip|zstd)\r\n/);
  });

  it("sees the head of a file", async () => {
    const head = (await curl("-I", at("/app/data.bin"))).toString();
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toContain("content-length: 500000\r\n");
  });

  it("does not download what it has already", async () => {
    const status = await curl(
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      "-z",
      "Sat, 03 Jan 2026 00:00:00 GMT",
      at("/app/data.bin"),
    );
    expect(status.toString()).toBe("304");
  });
});

describe("undici", () => {
  it("decodes, asks for parts, and follows the redirect to the directory", async () => {
    const script = await undiciFetch(at("/app/app.3f9a1c2b.js"), {
      headers: { "accept-encoding": "gzip, br" },
    });
    expect([script.headers.get("content-encoding"), await script.text()]).toEqual(["br", SCRIPT]);
    const part = await undiciFetch(at("/app/data.bin"), { headers: { range: "bytes=0-1,400000-400001" } });
    expect([part.status, part.headers.get("content-type")?.split(";")[0]]).toEqual([
      206,
      "multipart/byteranges",
    ]);
    await part.text();
    const page = await undiciFetch(at("/app"));
    expect([page.url, await page.text()]).toEqual([at("/app/"), expect.stringContaining("<h1>page")]);
  });
});

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped(
    "tests of files with a browser are",
    "there is no Chromium. Install it, or set CHROMIUM_PATH.",
  );
}

describe.skipIf(executablePath === undefined)("Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
  }, 60_000);
  afterAll(() => browser?.close());

  it("loads a page with all that belongs to it, and from its cache the second time", async () => {
    const page = await browser.newPage();
    const statuses = new Map<string, number>();
    page.on("response", (response) => {
      statuses.set(new URL(response.url()).pathname, response.status());
    });
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));

    await page.goto(at("/app"));
    await page.waitForFunction('document.title === "loaded"');
    expect(page.url()).toBe(at("/app/"));
    expect(await page.evaluate('getComputedStyle(document.querySelector("h1")).color')).toBe("rgb(1, 2, 3)");
    expect(await page.evaluate("document.images[0].naturalWidth")).toBe(9);
    expect(Object.fromEntries(statuses)).toMatchObject({
      "/app": 308,
      "/app/": 200,
      "/app/style.css": 200,
      "/app/pic.svg": 200,
      "/app/app.3f9a1c2b.js": 200,
      // What is no video is asked for as one all the same.
      "/app/data.bin": 206,
    });
    const size = (name: string) =>
      page.evaluate(`performance.getEntriesByName("${at(`/app/${name}`)}")[0].transferSize`);
    expect(await size("app.3f9a1c2b.js")).toBeGreaterThan(0);
    await page.reload();
    await page.waitForFunction('document.title === "loaded"');
    expect(await size("app.3f9a1c2b.js")).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });

  it("gets the page of the app for its paths, and 404 for data that it misspells", async () => {
    const page = await browser.newPage();
    const response = await page.goto(at("/app/users/7"), { waitUntil: "domcontentloaded" });
    expect(response?.status()).toBe(200);
    expect(await page.evaluate(`fetch("/app/users/8").then((answer) => answer.status)`)).toBe(404);
    await page.close();
  });
});
