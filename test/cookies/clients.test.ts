import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Server, type ServerHandle } from "argania";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { announceSkipped, curlVersion, findChromium } from "../examples/find-program.ts";
import { serve, testTls } from "../server/serve.ts";
import { loginApp } from "./login-app.ts";

const execute = promisify(execFile);
const hasCurl = curlVersion() !== "";
const executablePath = findChromium();
if (!hasCurl || executablePath === undefined) {
  announceSkipped(
    "tests of cookies with clients are",
    hasCurl ? "there is no Chromium." : "there is no curl.",
  );
}

describe.skipIf(!hasCurl)("curl's cookie engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "argania-cookies-"));
  const file = join(folder, "jar");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("keeps a session from login to logout, in a file", async () => {
    const { port } = await serve(loginApp());
    const curl = async (path: string, ...options: string[]) => {
      const all = ["-sS", "-m", "15", "--noproxy", "*", "-b", file, "-c", file, ...options];
      return (await execute("curl", [...all, `http://127.0.0.1:${port}${path}`])).stdout;
    };
    expect(await curl("/")).toBe("Hello, nobody");
    expect(await curl("/login", "-L", "-d", "")).toBe("Hello, Ada");
    expect(readFileSync(file, "utf8")).toMatch(
      /^#HttpOnly_127\.0\.0\.1\tFALSE\t\/\tFALSE\t\d+\tsid\t[\w-]+$/m,
    );
    expect(await curl("/")).toBe("Hello, Ada");
    await curl("/many");
    expect(JSON.parse(await curl("/echo"))).toMatchObject({ a: "1", b: "é, ;", sid: expect.any(String) });
    // Without -L: following a redirect curl 7.88 reads the file again (https://github.com/curl/curl/issues/10677).
    expect(await curl("/logout", "-d", "")).toBe("");
    expect(await curl("/")).toBe("Hello, nobody");
    expect(JSON.parse(await curl("/echo"))).toEqual({ a: "1", b: "é, ;" });
  });
});

describe.skipIf(executablePath === undefined)("Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  let plain: ServerHandle;
  let secure: ServerHandle;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    plain = await new Server().serve(loginApp(), "127.0.0.1:0");
    secure = await new Server().withTls(testTls()).serve(loginApp(), "127.0.0.1:0");
    // A name that is no localhost, which browsers treat as secure without TLS.
    const args = ["--no-sandbox", "--host-resolver-rules=MAP site.test 127.0.0.1"];
    browser = await chromium.launch({ executablePath: executablePath as string, args });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await Promise.all([plain?.close(), secure?.close()]);
  });

  beforeEach(async () => {
    context = await browser.newContext({ ignoreHTTPSErrors: true });
    page = await context.newPage();
  });

  afterEach(() => context.close());

  const at = (path: string, server = plain, host = "site.test") =>
    `${server === secure ? "https" : "http"}://${host}:${server.address.port}${path}`;
  const body = () => page.locator("body").textContent();
  const post = (path: string) =>
    page.evaluate(`(() => { const form = document.createElement("form");
      form.method = "post"; form.action = ${JSON.stringify(path)};
      document.body.append(form); form.submit(); })()`);

  it.each([
    ["HTTP", () => plain],
    ["HTTPS", () => secure],
  ])("keeps a session from login to logout over %s", async (_, server) => {
    await page.goto(at("/", server()));
    expect(await body()).toBe("Hello, nobody");
    await Promise.all([page.waitForURL(at("/", server())), page.waitForResponse(/login/), post("/login")]);
    await page.waitForFunction("document.body.textContent === 'Hello, Ada'");
    const [session] = await context.cookies();
    expect(session).toMatchObject({
      name: "sid",
      path: "/",
      httpOnly: true,
      sameSite: "Lax",
      secure: server() === secure,
    });
    await Promise.all([page.waitForResponse(/logout/), post("/logout")]);
    await page.waitForFunction("document.body.textContent === 'Hello, nobody'");
    expect(await context.cookies()).toEqual([]);
  });

  it("takes a __Host- cookie over HTTPS, and shows scripts only what is not HttpOnly", async () => {
    await page.goto(at("/host", secure));
    expect(await page.evaluate("document.cookie")).toBe("open=1");
    await page.goto(at("/echo", secure));
    expect(JSON.parse((await body()) ?? "")).toEqual({ "__Host-a": "1", plain: "1", open: "1" });
  });

  it("refuses it over HTTP, and keeps the others", async () => {
    await page.goto(at("/host"));
    await page.goto(at("/echo"));
    expect(JSON.parse((await body()) ?? "")).toEqual({ plain: "1", open: "1" });
  });

  it("takes it over HTTP on localhost, where sites are developed", async () => {
    await page.goto(at("/host", plain, "localhost"));
    await page.goto(at("/echo", plain, "localhost"));
    expect(JSON.parse((await body()) ?? "")).toHaveProperty("__Host-a", "1");
  });
});
