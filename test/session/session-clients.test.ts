import {
  _get,
  _post,
  _requestReceiver,
  html,
  Resource,
  redirect,
  Server,
  type ServerHandle,
  type Service,
} from "argania";
import { cookieKey } from "argania/cookies";
import { defineSession, SessionLayer } from "argania/middleware";
import { webSocketUpgrade } from "argania/websocket";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { announceSkipped, findChromium } from "../examples/find-program.ts";
import { MemoryLogger, serve, testTls } from "../server/serve.ts";
import { KEY } from "./cookie-client.ts";

/** A site to log in to, with a message after each step. */
function site(): Service {
  const session = defineSession<{ name: string; notice: string }>();
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root.addLayerTo(_requestReceiver(new SessionLayer(session)));
  root.setHandlerFor(
    _get.to([session], (current) =>
      html(`${current.take("notice") ?? ""} Hello, ${current.get("name") ?? "nobody"}`.trim()),
    ),
  );
  root.subresource("/login").setHandlerFor(
    _post.to([session], (current) => {
      current.regenerate().set("name", "Ada").set("notice", "Welcome.");
      return redirect("/", 303);
    }),
  );
  root.subresource("/logout").setHandlerFor(
    _post.to([session], (current) => {
      current.destroy().set("notice", "Bye.");
      return redirect("/", 303);
    }),
  );
  return root.intoService();
}

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped("tests of sessions with a browser are", "there is no Chromium.");
}

describe.skipIf(executablePath === undefined)("Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  let plain: ServerHandle;
  let secure: ServerHandle;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    plain = await new Server().serve(site(), "127.0.0.1:0");
    secure = await new Server().withTls(testTls()).serve(site(), "127.0.0.1:0");
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

  it.each([
    ["HTTP", () => `http://site.test:${plain.address.port}`, "session"],
    ["HTTPS", () => `https://site.test:${secure.address.port}`, "__Host-session"],
  ])(
    "keeps a session over %s, from login to logout, with messages that are read once",
    async (_, origin, name) => {
      const body = () => page.locator("body").textContent();
      const post = async (path: string, text: string) => {
        await page.evaluate(`(() => { const form = document.createElement("form");
        form.method = "post"; form.action = "${path}"; document.body.append(form); form.submit(); })()`);
        await page.waitForFunction(`document.body.textContent === ${JSON.stringify(text)}`);
      };
      await page.goto(`${origin()}/`);
      expect(await body()).toBe("Hello, nobody");
      expect(await context.cookies()).toEqual([]);
      await post("/login", "Welcome. Hello, Ada");
      expect(await context.cookies()).toMatchObject([
        { name, path: "/", httpOnly: true, sameSite: "Lax", secure: name !== "session", expires: -1 },
      ]);
      expect(await page.evaluate("document.cookie")).toBe("");
      await page.goto(`${origin()}/`);
      expect(await body()).toBe("Hello, Ada");
      await post("/logout", "Bye. Hello, nobody");
      await page.goto(`${origin()}/`);
      expect(await body()).toBe("Hello, nobody");
      expect(await context.cookies()).toEqual([]);
    },
  );
});

describe("a WebSocket", () => {
  it("begins with a session, and its handshake may set it; later changes are refused", async () => {
    const session = defineSession<{ name: string }>();
    const root = new Resource("/").setProperty(cookieKey.to(KEY));
    root.addLayerTo(_requestReceiver(new SessionLayer(session)));
    const late: unknown[] = [];
    root.setHandlerFor(
      _get.to([webSocketUpgrade(), session], (upgrade, current) => {
        current.set("name", "Ada");
        return upgrade(async (socket) => {
          try {
            current.set("name", "Bob");
          } catch (error) {
            late.push(error);
          }
          await socket.send(current.get("name") ?? "");
          await socket.close();
        });
      }),
    );
    const { port } = await serve(root.intoService({ logger: new MemoryLogger() }));
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    const cookies = new Promise<unknown>((resolve) => {
      socket.on("upgrade", (response) => resolve(response.headers["set-cookie"]));
    });
    const text = await new Promise((resolve, reject) => {
      socket.on("message", (data) => resolve(String(data))).on("error", reject);
    });
    expect(text).toBe("Ada");
    expect(await cookies).toEqual([expect.stringMatching(/^session=/)]);
    expect(late).toMatchObject([{ code: "ARGANIA_SESSION" }]);
  });
});
