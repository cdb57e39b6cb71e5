import { Server, type Service } from "argania";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildApp } from "../../examples/auth/build-app.ts";
import { readSecrets } from "../../examples/auth/secrets.ts";
import { buildSite } from "../../examples/spa-api/build-site.ts";
import { announceSkipped, findChromium } from "./find-program.ts";

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped("the browser tests are", "there is no Chromium. Install it, or set CHROMIUM_PATH.");
}

const ORIGIN = "http://localhost:5173";

describe.skipIf(executablePath === undefined)("in Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  let page: Page;
  const handles: Awaited<ReturnType<Server["serve"]>>[] = [];
  const problems: string[] = [];

  const serve = async (service: Service) => {
    const handle = await new Server().serve(service, "127.0.0.1:0");
    handles.push(handle);
    return (path: string) => `http://localhost:${handle.address.port}${path}`;
  };

  const open = async () => {
    const opened = await browser.newPage();
    // What a policy of ours refuses is such an error, too.
    opened.on("pageerror", (error) => problems.push(error.message));
    opened.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    return opened;
  };

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
  }, 60_000);

  afterAll(() => browser?.close());

  beforeEach(async () => {
    problems.length = 0;
    page = await open();
  });

  afterEach(async () => {
    await page.close();
    await Promise.all(handles.splice(0).map((handle) => handle.close()));
  });

  it("the app shows notes, adds one, and shows it in another window at once", async () => {
    const at = await serve(buildSite({ origin: ORIGIN }));
    const other = await open();
    await other.goto(at("/"));
    await other.waitForSelector("li");
    await page.goto(at("/"));
    await page.fill("input", "From the browser");
    await page.click("button");
    await other.waitForSelector("text=From the browser");
    await page.click("text=From the browser");
    await page.waitForURL(at("/notes/3"));
    await page.waitForSelector("text=Save");
    await page.fill("textarea", "changed");
    await page.click("button");
    await page.waitForSelector("text=Saved.");
    expect(await (await fetch(at("/api/notes/3"))).json()).toMatchObject({ version: 2, text: "changed" });
    await other.close();
    expect(problems).toEqual([]);
  });

  it("the app says that somebody else has changed a note meanwhile", async () => {
    const at = await serve(buildSite({ origin: ORIGIN }));
    await page.goto(at("/notes/1"));
    await page.waitForSelector("textarea");
    const headers = { "content-type": "application/json", "if-match": '"1"' };
    await fetch(at("/api/notes/1"), { method: "PUT", headers, body: '{"title":"Mine"}' });
    await page.click("button");
    // Its policy forbids the page what a function that is waited for would need.
    await page.waitForSelector("#status:not(:empty)", { state: "attached" });
    expect(await page.textContent("#status")).not.toBe("Saved.");
    expect(await (await fetch(at("/api/notes/1"))).json()).toMatchObject({ title: "Mine" });
  });

  it("somebody logs in, and out", async () => {
    const app = buildApp({ ...readSecrets({}), password: "for tests only" });
    try {
      const at = await serve(await app.service());
      await page.goto(at("/account"));
      expect(page.url()).toBe(at("/login"));
      expect(await page.textContent("[role=alert]")).toBe("Log in first, please.");
      await page.fill("[name=name]", "ada");
      await page.fill("[name=password]", "for tests only");
      await page.click("button");
      await page.waitForURL(at("/account"));
      expect(await page.textContent("[role=status]")).toBe("Welcome back, ada.");
      await page.click("button");
      await page.waitForURL(at("/login"));
      expect(await page.textContent("[role=alert]")).toBe("You are logged out.");
      await page.goto(at("/account"));
      expect(page.url()).toBe(at("/login"));
      expect(problems).toEqual([]);
    } finally {
      await app.close();
    }
  });
});
