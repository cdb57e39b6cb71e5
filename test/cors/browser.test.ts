import {
  _get,
  _post,
  _put,
  _requestReceiver,
  around,
  html,
  json,
  jsonBody,
  Resource,
  ResponseError,
  respond,
  Server,
} from "argania";
import { CorsLayer, CsrfLayer } from "argania/middleware";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { announceSkipped, findChromium } from "../examples/find-program.ts";

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped("the tests of CORS in a browser are", "there is no Chromium. Set CHROMIUM_PATH.");
}

interface Call {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly credentials?: "include" | "omit";
}

describe.skipIf(executablePath === undefined)("CORS in Chromium", { timeout: 60_000 }, () => {
  const closers: (() => Promise<void> | void)[] = [];
  let browser: Browser;
  let good: Page;
  let evil: Page;
  let api: string;
  const ran: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
    const [goodPages, evilPages] = [await serve(pages()), await serve(pages())];
    api = await serve(apiFor(goodPages, ran));
    const context = await browser.newContext();
    await context.addCookies([{ name: "sid", value: "7", url: api }]);
    [good, evil] = [await context.newPage(), await context.newPage()];
    await good.goto(goodPages);
    await evil.goto(evilPages);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await Promise.all(closers.map((close) => close()));
  });

  async function serve(root: Resource): Promise<string> {
    const logger = { error() {} };
    const handle = await new Server().withLogger(logger).serve(root.intoService({ logger }), "127.0.0.1:0");
    closers.push(() => handle.close());
    return handle.url;
  }

  /** What a script of the page gets. */
  function call(page: Page, { path, ...init }: Call): Promise<Record<string, unknown>> {
    ran.length = 0;
    return page.evaluate(
      async ([url, options]) => {
        try {
          const response = await fetch(url as string, options as RequestInit);
          const headers = Object.fromEntries(response.headers);
          return { status: response.status, body: await response.text(), headers };
        } catch (error) {
          return { error: (error as Error).name };
        }
      },
      [`${api}${path}`, init] as const,
    );
  }

  const FAILED = { error: "TypeError" };

  it("lets a page of an allowed origin read, with the exposed headers", async () => {
    const answer = await call(good, { path: "/item" });
    expect(answer).toMatchObject({ status: 200, body: "item", headers: { "x-total": "7" } });
    expect(answer.headers).not.toHaveProperty("x-hidden");
  });

  it("keeps the response from other pages, though the handler runs", async () => {
    expect(await call(evil, { path: "/item" })).toEqual(FAILED);
    expect(ran).toEqual(["GET /item"]);
  });

  const PUT: Call = {
    path: "/item",
    method: "PUT",
    headers: { "content-type": "application/json", "x-a": "1" },
    body: '{"a":1}',
  };

  it("sends what needs a preflight, and for others not even that", async () => {
    expect(await call(good, PUT)).toMatchObject({ status: 200, body: '{"a":1}' });
    expect(ran).toEqual(["PUT /item"]);
    expect(await call(evil, PUT)).toEqual(FAILED);
    expect(ran).toEqual([]);
  });

  it("sends no method that the resource does not have", async () => {
    expect(await call(good, { path: "/item", method: "DELETE" })).toEqual(FAILED);
    expect(await call(good, { path: "/nowhere", method: "DELETE" })).toMatchObject({ status: 404 });
  });

  it("sends cookies only where they are allowed", async () => {
    expect(await call(good, { path: "/cookie", credentials: "include" })).toMatchObject({ body: "sid=7" });
    expect(await call(good, { path: "/public", credentials: "omit" })).toMatchObject({ body: "public" });
    expect(await call(evil, { path: "/public", credentials: "omit" })).toMatchObject({ body: "public" });
    expect(await call(evil, { path: "/public", credentials: "include" })).toEqual(FAILED);
  });

  it("shows what a guard says, behind a preflight too", async () => {
    expect(await call(good, { path: "/guarded" })).toMatchObject({ status: 401 });
    expect(await call(good, { ...PUT, path: "/guarded" })).toMatchObject({ status: 401 });
    expect(await call(evil, { path: "/guarded" })).toEqual(FAILED);
  });

  it("follows a redirect of a slash", async () => {
    expect(await call(good, { ...PUT, path: "/item/" })).toMatchObject({ status: 200, body: '{"a":1}' });
  });

  it("lets nobody post a form but a page of its own", async () => {
    const post = async (page: Page) => {
      await page.setContent(`<form method="post" action="${api}/form"><button>Send</button></form>`);
      await page.click("button");
      await page.waitForURL(`${api}/form`);
      return page.locator("body").textContent();
    };
    const page = await browser.newPage();
    await page.goto(evil.url());
    expect(await post(page)).toContain("Pages of other origins may not send this request.");
    expect(ran).not.toContain("posted");
    await page.goto(`${api}/form`);
    expect(await post(page)).toBe("posted");
    await page.close();
  });
});

function pages(): Resource {
  return new Resource("/").setHandlerFor(_get.to(() => html("<!doctype html><title>page</title>")));
}

function apiFor(origin: string, ran: string[]): Resource {
  const root = new Resource("/");
  const noted = around((context, next) => {
    ran.push(`${context.method} ${context.path}`);
    return next();
  });
  const guard = around(() => {
    throw new ResponseError(401);
  });
  const cors = new CorsLayer({ origins: [origin], credentials: true, exposedHeaders: ["X-Total"] });
  root.addLayerTo(_requestReceiver([cors, noted]));
  root.subresource("/item").setHandlerFor(
    _get.to(() => respond({ "x-total": "7", "x-hidden": "1" }, "item")),
    _put.to([jsonBody], (value) => json(value)),
  );
  root.subresource("/cookie").setHandlerFor(_get.to((context) => context.header("cookie") ?? "none"));
  root
    .subresource("/public")
    .addLayerTo(_requestReceiver(new CorsLayer({ origins: "*" })))
    .setHandlerFor(_get.to(() => "public"));
  root
    .subresource("/guarded")
    .addLayerTo(_requestReceiver(guard))
    .setHandlerFor(
      _get.to(() => "x"),
      _put.to(() => "x"),
    );
  root
    .subresource("/form")
    .addLayerTo(_requestReceiver(new CsrfLayer()))
    .setHandlerFor(
      _get.to(() => html("<!doctype html><title>form</title>")),
      _post.to(() => {
        ran.push("posted");
        return "posted";
      }),
    );
  return root;
}
