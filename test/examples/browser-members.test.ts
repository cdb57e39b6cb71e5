import { Server, type ServerHandle } from "argania";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleSite, PASSWORD } from "./example-site.ts";
import { findChromium } from "./find-program.ts";

const executablePath = findChromium();

describe.skipIf(executablePath === undefined)(
  "the example site's members in Chromium",
  { timeout: 60_000 },
  () => {
    let browser: Browser;
    let visitor: BrowserContext;
    let page: Page;
    let server: ServerHandle;

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
    }, 60_000);

    afterAll(() => browser?.close());

    beforeEach(async () => {
      server = await new Server().serve(await exampleSite(), "127.0.0.1:0");
      visitor = await browser.newContext();
      page = await visitor.newPage();
    });

    afterEach(async () => {
      await visitor.close();
      await server.close();
    });

    const at = (path: string) => `http://localhost:${server.address.port}${path}`;
    const pathOf = (page: Page) => new URL(page.url()).pathname;

    async function logIn(page: Page, name = "ada", password = PASSWORD): Promise<void> {
      await page.goto(at("/login"));
      await page.fill("[name=name]", name);
      await page.fill("[name=password]", password);
      await page.click("text=Log in >> nth=-1");
      await page.waitForLoadState();
    }

    it("are asked to log in, and can log out", async () => {
      await page.goto(at("/members/files"));
      expect(pathOf(page)).toBe("/login");

      await logIn(page, "ada", "wrong");
      expect(await page.locator("[role=alert]").textContent()).toBe("Wrong name or password.");
      expect(await page.locator("[name=name]").inputValue()).toBe("ada");

      await logIn(page);
      expect(pathOf(page)).toBe("/members");
      expect(await page.locator("h1").textContent()).toBe("Hello, ada");
      expect(await page.evaluate("document.cookie")).toBe("");

      await page.click("text=Log out");
      await page.waitForURL(at("/"));
      await page.goto(at("/members"));
      expect(pathOf(page)).toBe("/login");
    });

    it("need no JavaScript to log in, upload and download", async () => {
      const plain = await browser.newContext({ javaScriptEnabled: false });
      const page = await plain.newPage();
      await logIn(page);
      await page.click("text=Files");
      await page.setInputFiles("[name=file]", {
        name: "Grüße <b>.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("Hello"),
      });
      await page.click("button");
      await page.waitForSelector("li");
      expect(await page.locator("li").textContent()).toBe("Grüße <b>.txt, 5 bytes, from ada");

      const [download] = await Promise.all([page.waitForEvent("download"), page.click("li a")]);
      expect(download.suggestedFilename()).toMatch(/^Grüße .b.\.txt$/);
      const chunks = await (await download.createReadStream()).toArray();
      expect(Buffer.concat(chunks).toString()).toBe("Hello");

      await page.setInputFiles("[name=file]", {
        name: "a.html",
        mimeType: "text/html",
        buffer: Buffer.from("<script>"),
      });
      await page.click("button");
      await page.waitForSelector("h1:text('415')");
      await plain.close();
    });

    it("cannot be made to act by a page of another site", async () => {
      await logIn(page);
      await page.route("http://elsewhere.example/", (route) =>
        route.fulfill({
          contentType: "text/html",
          body: `<form method="post" enctype="multipart/form-data" action="${at("/members/files")}"></form>`,
        }),
      );
      await page.goto("http://elsewhere.example/");
      await page.evaluate("document.forms[0].submit()");
      await page.waitForURL(at("/login"));
    });

    it("see at once what somebody does with a book", async () => {
      await page.goto(at("/app"));
      await page.waitForSelector("li");
      const change = page.locator("#change");
      await change.filter({ hasText: "Changes show up here at once." }).waitFor();

      const add = () =>
        fetch(at("/api/books"), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ title: "Emma", author: "Jane Austen", year: 1815 }),
        });
      expect((await add()).status).toBe(201);
      await page.waitForSelector("li a:text('Emma')");
      await change.filter({ hasText: "Emma was added." }).waitFor();
    });

    it("chat with each other, until the server stops", async () => {
      const friend = await browser.newContext();
      const pages = [page, await friend.newPage()] as const;
      for (const [index, page] of pages.entries()) {
        await logIn(page, index === 0 ? "ada" : "grace");
        await page.click("text=Chat");
        await page.waitForSelector("#state:text('Connected.')");
      }

      const say = async (page: Page, text: string) => {
        await page.fill("[name=text]", text);
        await page.press("[name=text]", "Enter");
      };
      await say(pages[0], "Hello");
      await say(pages[1], "<b>Hi</b>");
      for (const page of pages) {
        await page.waitForSelector("#messages li:text('ada: Hello')");
        await page.waitForSelector("#messages li:text('grace: <b>Hi</b>')");
      }

      await server.close();
      for (const page of pages) {
        await page.waitForSelector("#state:text('Disconnected (1001)')");
      }
      await friend.close();
    });
  },
);
