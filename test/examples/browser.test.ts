import { Server } from "argania";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleSite } from "./example-site.ts";
import { announceSkipped, findChromium } from "./find-program.ts";

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped("the browser tests are", "there is no Chromium. Install it, or set CHROMIUM_PATH.");
}

describe.skipIf(executablePath === undefined)("the example site in Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  let page: Page;
  let server: Awaited<ReturnType<Server["serve"]>>;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await new Server().serve(await exampleSite(), "127.0.0.1:0");
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  beforeEach(async () => {
    problems.length = 0;
    page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  });

  afterEach(async () => {
    await page.close();
  });

  const at = (path: string, host = "localhost") => `http://${host}:${server.address.port}${path}`;
  const heading = () => page.locator("h1").textContent();

  it("answers a deep link into the app with its page, which renders the view", async () => {
    const types = new Map<string, string | undefined>();
    page.on("response", (response) => {
      types.set(new URL(response.url()).pathname, response.headers()["content-type"]);
    });
    const response = await page.goto(at("/app/books/2"));
    await page.waitForSelector("h1");

    expect(response?.status()).toBe(200);
    expect(await heading()).toBe("Walden");
    expect(await page.title()).toBe("Walden");
    expect(Object.fromEntries(types)).toMatchObject({
      "/app/books/2": "text/html; charset=utf-8",
      "/assets/app.js": "text/javascript; charset=utf-8",
      "/assets/style.css": "text/css; charset=utf-8",
      "/assets/logo.svg": "image/svg+xml",
      "/api/books/2": "application/json",
    });
    expect(problems).toEqual([]);
  });

  it("navigates inside of the app without loading the page again", async () => {
    await page.goto(at("/"));
    await page.click("text=Open the app");
    await page.waitForSelector("li");
    await page.evaluate("window.isSamePage = true");

    await page.click("text=Frankenstein");
    await page.waitForSelector("h1:text('Frankenstein')");
    expect(page.url()).toBe(at("/app/books/1"));
    await page.click("text=About");
    await page.waitForSelector("h1:text('About')");
    await page.goBack();
    await page.waitForSelector("h1:text('Frankenstein')");

    expect(await page.evaluate("window.isSamePage")).toBe(true);
    await page.reload();
    await page.waitForSelector("h1:text('Frankenstein')");
    expect(await page.evaluate("window.isSamePage")).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it("leaves a path that the app does not know to the app", async () => {
    const response = await page.goto(at("/app/no/such/view"));
    await page.waitForSelector("h1");
    expect(response?.status()).toBe(200);
    expect(await heading()).toBe("Not found");
  });

  it.each(["/api/nowhere", "/api/books/99"])("keeps the 404 of %s JSON", async (path) => {
    const response = await page.goto(at(path));
    expect(response?.status()).toBe(404);
    expect(response?.headers()["content-type"]).toBe("application/problem+json");
    expect(await response?.json()).toMatchObject({ status: 404, title: "Not Found" });
  });

  it("shows a page for a 404 elsewhere", async () => {
    const response = await page.goto(at("/nowhere/<script>"));
    expect(response?.status()).toBe(404);
    expect(response?.headers()["content-type"]).toBe("text/html; charset=utf-8");
    expect(await heading()).toBe("404");
    expect(await page.locator("code").textContent()).toBe("/nowhere/%3Cscript%3E");
  });

  it("serves the hosts of tenants", async () => {
    await page.goto(at("/hello/Ada", "acme.localhost"));
    expect(await page.locator("body").textContent()).toBe("Welcome, Ada.\n");
  });
});
