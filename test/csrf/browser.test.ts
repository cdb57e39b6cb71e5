import { _get, _post, _requestReceiver, html, Resource, Server } from "argania";
import { CsrfLayer, SecurityHeadersLayer } from "argania/middleware";
import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import { announceSkipped, findChromium } from "../examples/find-program.ts";

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped("the tests of CSRF in a browser are", "there is no Chromium. Set CHROMIUM_PATH.");
}

describe.skipIf(executablePath === undefined)("CsrfLayer in Chromium", { timeout: 60_000 }, () => {
  it("takes a page's own form over plain HTTP, where Origin alone tells, under the default security headers", async () => {
    const seen: (string | undefined)[] = [];
    const root = new Resource("/").addLayerTo(
      _requestReceiver([new SecurityHeadersLayer(), new CsrfLayer()]),
    );
    root.setHandlerFor(
      _get.to(() => html("<!doctype html><title>form</title><form method=post><button>Send</button></form>")),
      _post.to((context) => {
        seen.push(context.header("sec-fetch-site"), context.header("origin"));
        return "taken";
      }),
    );
    const server = await new Server().serve(root.intoService(), "127.0.0.1:0");
    // Browsers trust localhost as they do HTTPS: another name has to lead there.
    const args = ["--no-sandbox", "--host-resolver-rules=MAP shop.example 127.0.0.1"];
    const browser = await chromium.launch({ executablePath: executablePath as string, args });
    try {
      const origin = server.url.replace("127.0.0.1", "shop.example");
      const page = await browser.newPage();
      await page.goto(`${origin}/`);
      await page.getByRole("button").click();
      await page.getByText("taken").waitFor();
      expect(seen).toEqual([undefined, origin]);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
