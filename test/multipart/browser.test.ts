import { _get, _post, html, json, Resource, Server } from "argania";
import { multipartBody } from "argania/multipart";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { announceSkipped, findChromium } from "../examples/find-program.ts";
import { testTls } from "../server/serve.ts";
import { partsOf } from "./read-form.ts";

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped(
    "tests of forms in the browser are",
    "there is no Chromium. Install it, or set CHROMIUM_PATH.",
  );
}

const FORM = `<!doctype html><meta charset="utf-8"><form method="post" enctype="multipart/form-data" action="/">
<input name="title"><textarea name="text"></textarea><input type="checkbox" name="tag" value="a" checked>
<input type="checkbox" name="tag" value="b" checked><input type="file" name="photo"><input type="file" name="others" multiple>
<input type="hidden" name='quote"d' value="1"><button>Send</button></form>`;

function app() {
  const root = new Resource("/");
  root.setHandlerFor(_get.to(() => html(FORM)));
  root.setHandlerFor(_post.to([multipartBody], async (form) => json(await partsOf(form))));
  return root.intoService();
}

const utf8 = (text: string) => Buffer.from(text).toString("latin1");

describe.skipIf(executablePath === undefined)("a form in Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
  });

  test.each([
    ["HTTP/1.1", () => new Server()],
    ["HTTP/2", () => new Server().withTls(testTls()).withHttp2()],
  ])("is sent over %s", async (_title, server) => {
    const handle = await server().serve(app(), "127.0.0.1:0");
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    try {
      await page.goto(handle.url);
      await page.fill("[name=title]", "Gr\u00fc\u00dfe");
      await page.fill("textarea", "one\ntwo");
      const name = 'a"b \u65e5.txt';
      const files = [
        { name, mimeType: "text/plain", buffer: Buffer.from("first") },
        { name: "large.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(500_000, "x") },
      ];
      await page.setInputFiles("[name=others]", files);
      await Promise.all([page.waitForNavigation(), page.click("button")]);
      const parts = JSON.parse((await page.locator("body").textContent()) ?? "") as unknown;
      // The file that was not chosen is no part.
      expect(parts).toEqual([
        { name: "title", type: "text/plain", text: utf8("Gr\u00fc\u00dfe") },
        { name: "text", type: "text/plain", text: "one\r\ntwo" },
        { name: "tag", type: "text/plain", text: "a" },
        { name: "tag", type: "text/plain", text: "b" },
        { name: "others", fileName: name, type: "text/plain", text: "first" },
        {
          name: "others",
          fileName: "large.bin",
          type: "application/octet-stream",
          text: "x".repeat(500_000),
        },
        { name: 'quote"d', type: "text/plain", text: "1" },
      ]);
    } finally {
      await page.close();
      await handle.close();
    }
  });
});
