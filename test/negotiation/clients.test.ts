import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { _get, html, json, Resource, respond, Server, type ServerHandle } from "argania";
import { accepts, acceptsEncodings, acceptsLanguages, negotiate } from "argania/negotiation";
import { chromium } from "playwright-core";
import { fetch } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { announceSkipped, curlVersion, findChromium } from "../examples/find-program.ts";

const execute = promisify(execFile);

let server: ServerHandle;
const at = (path: string) => `http://127.0.0.1:${server.address.port}${path}`;

beforeAll(async () => {
  const root = new Resource("/");
  root.subresource("/user").setHandlerFor(
    _get.to((context) =>
      negotiate(context, {
        "application/json": () => json({ name: "Ada" }),
        "text/html": () => html("<h1>Ada</h1>"),
      }),
    ),
  );
  root.subresource("/chosen").setHandlerFor(
    _get.to((context) => {
      const chosen = [
        accepts(context, ["application/json", "text/html"]),
        acceptsLanguages(context, ["en", "de", "fr-CH"]),
        acceptsEncodings(context, ["br", "gzip", "identity"]),
      ];
      return respond({ vary: "accept, accept-language, accept-encoding" }, chosen.map(String).join(" "));
    }),
  );
  server = await new Server().serve(root.intoService(), "127.0.0.1:0");
});

afterAll(() => server.close());

test.each([
  ["*/*", 200, "application/json"],
  ["text/html", 200, "text/html"],
  ["application/json;q=0.5, text/html;q=0.9", 200, "text/html"],
  ["text/*;q=0.1, application/*;q=0.2", 200, "application/json"],
  ["text/html;q=0, application/json;q=0", 406, "application/problem+json"],
  ["image/png", 406, "application/problem+json"],
])("undici that accepts %s gets %i, %s", async (accept, status, type) => {
  for (const method of ["GET", "HEAD"]) {
    const response = await fetch(at("/user"), { method, headers: { accept } });
    expect([response.status, response.headers.get("content-type")?.split(";")[0]]).toEqual([status, type]);
    expect(response.headers.get("vary")?.toLowerCase()).toContain("accept");
    const body = await response.text();
    expect(body === "").toBe(method === "HEAD");
  }
});

test.each([
  [{}, "application/json en br"],
  [
    { accept: "text/html", "accept-language": "de-AT, de;q=0.5", "accept-encoding": "gzip" },
    "text/html de gzip",
  ],
  [{ "accept-language": "fr-ch", "accept-encoding": "*;q=0" }, "application/json fr-CH undefined"],
  [{ "accept-language": "ja", "accept-encoding": "zstd" }, "application/json undefined identity"],
])("what raw headers choose: %j", async (headers, expected) => {
  const { request } = await import("node:http");
  const text = await new Promise<string>((resolve, reject) => {
    request(at("/chosen"), { headers, agent: false }, async (response) => {
      let body = "";
      for await (const chunk of response) {
        body += chunk;
      }
      resolve(body);
    })
      .on("error", reject)
      .end();
  });
  expect(text).toBe(expected);
});

const hasCurl = curlVersion() !== "";
if (!hasCurl) {
  announceSkipped("tests of negotiation with curl are", "there is no curl.");
}

describe.skipIf(!hasCurl)("curl", () => {
  const curl = async (...args: string[]) =>
    (await execute("curl", ["-sS", "-m", "15", "--noproxy", "*", ...args])).stdout;

  test("takes anything, unless it is told otherwise", async () => {
    expect(await curl(at("/user"))).toBe('{"name":"Ada"}');
    expect(await curl("-H", "Accept: text/html", at("/user"))).toBe("<h1>Ada</h1>");
    expect(await curl("-H", "Accept:", at("/user"))).toBe('{"name":"Ada"}');
    expect(await curl("-o", "/dev/null", "-w", "%{http_code}", "-H", "Accept: a/b", at("/user"))).toBe("406");
    expect(await curl("-H", "Accept-Language: fr-CH", at("/chosen"))).toBe("application/json fr-CH br");
  });

  test("of HTTP/1.0 as well", async () => {
    expect(await curl("--http1.0", "-H", "Accept: text/html", at("/user"))).toBe("<h1>Ada</h1>");
  });
});

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped(
    "tests of negotiation with a browser are",
    "there is no Chromium. Install it, or set CHROMIUM_PATH.",
  );
}

describe.skipIf(executablePath === undefined)("Chromium", { timeout: 60_000 }, () => {
  test("gets a page where scripts get data, in the language of its user", async () => {
    const browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ["--no-sandbox"],
    });
    try {
      const page = await (await browser.newContext({ locale: "de-DE" })).newPage();
      await page.goto(at("/user"));
      expect(await page.locator("h1").textContent()).toBe("Ada");
      expect(await page.evaluate(`fetch("/user").then((answer) => answer.json())`)).toEqual({ name: "Ada" });
      const chosen = await (await page.goto(at("/chosen")))?.text();
      expect(chosen).toMatch(/^text\/html de (?:br|gzip)$/);
      // What the page got is not taken from the cache for a script, thanks to Vary.
      await page.goto(at("/user"));
      expect(
        await page.evaluate(`fetch("/user", { cache: "force-cache" }).then((answer) => answer.text())`),
      ).toBe('{"name":"Ada"}');
    } finally {
      await browser.close();
    }
  });
});
