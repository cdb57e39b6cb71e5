import { _get, _requestReceiver, html, Resource, Server } from "argania";
import { cspNonce, SecurityHeadersLayer } from "argania/middleware";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { announceSkipped, findChromium } from "../examples/find-program.ts";

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped(
    "the tests of security headers in a browser are",
    "there is no Chromium. Set CHROMIUM_PATH.",
  );
}

describe.skipIf(executablePath === undefined)("security headers in Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: Awaited<ReturnType<Server["serve"]>>;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
    server = await new Server().serve(site().intoService(), "127.0.0.1:0");
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("run the scripts that have the nonce, and no others", async () => {
    const page = await browser.newPage();
    const refused: string[] = [];
    page.on("console", (message) => message.type() === "error" && refused.push(message.text()));
    await page.goto(`${server.url}/`);
    expect(await page.evaluate("document.body.dataset.ran")).toBe("noncednonced later");
    expect(await page.evaluate("getComputedStyle(document.body).color")).toBe("rgb(1, 2, 3)");
    expect(refused.filter((text) => text.includes("script-src"))).toHaveLength(3);
    await page.close();
  });

  it("keep the page out of the frames of others", async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/framed`.replace("127.0.0.1", "localhost"));
    await page.locator("iframe").waitFor();
    const frame = page.frames().at(-1);
    expect(frame?.url()).not.toBe(`${server.url}/`);
    await page.close();
  });

  function site(): Resource {
    const root = new Resource("/");
    root.addLayerTo(
      _requestReceiver(
        new SecurityHeadersLayer({
          contentSecurityPolicy: {
            directives: { "script-src": ["'self'", "'nonce'"], "style-src": ["'nonce'"], "frame-src": ["*"] },
          },
        }),
      ),
    );
    root.setHandlerFor(
      _get.to((context) => {
        const nonce = cspNonce(context);
        const note = (text: string) =>
          `document.body.dataset.ran = (document.body.dataset.ran ?? "") + "${text}"`;
        return html(`<!doctype html><title>nonce</title><style nonce="${nonce}">body { color: rgb(1, 2, 3) }</style>
<body onclick="${note("attribute").replaceAll('"', "'")}">
<script nonce="${nonce}">${note("nonced")}</script>
<script>${note("plain")}</script>
<script nonce="${nonce.toLowerCase()}x">${note("guessed")}</script>
<script nonce="${nonce}">document.body.click(); ${note("nonced later")}</script>`);
      }),
    );
    root
      .subresource("/framed")
      .setHandlerFor(
        _get.to(() => html(`<!doctype html><title>frame</title><iframe src="${server.url}/"></iframe>`)),
      );
    return root;
  }
});
