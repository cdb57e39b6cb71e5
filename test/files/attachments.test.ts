import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { _get, Resource, Server, type ServerHandle } from "argania";
import { FileStream } from "argania/static";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { announceSkipped, curlVersion, findChromium } from "../examples/find-program.ts";
import { makeFiles } from "./temp-files.ts";

const execute = promisify(execFile);

/** A name, how Chromium stores it, and how curl does, which knows the plain form only (RFC 6266 §4.3). */
const NAMES: readonly (readonly [name: string, chromium: string, curl: string])[] = [
  ["report.pdf", "report.pdf", "report.pdf"],
  ["two words.pdf", "two words.pdf", "two words.pdf"],
  ["Überblick 2026.pdf", "Überblick 2026.pdf", "_berblick 2026.pdf"],
  ["日本語.txt", "日本語.txt", "___.txt"],
  ["🦜.txt", "🦜.txt", "_.txt"],
  ["it's (1).txt", "it's (1).txt", "it's (1).txt"],
  ["a;b,c=d.txt", "a;b,c=d.txt", "a;b,c=d.txt"],
  ["50%41.txt", "50%41.txt", "50%41.txt"],
  ["../../etc/passwd", "_.._etc_passwd", ".._.._etc_passwd"],
  ["a\r\nSet-Cookie: x=1.txt", "a__Set-Cookie_ x=1.txt", "a__Set-Cookie: x=1.txt"],
  ["annex\u202etxt.exe", "annex_txt.exe", "annex_txt.exe"],
];

let directory = "";
let server: ServerHandle;
const at = (path: string) => `http://127.0.0.1:${server.address.port}${path}`;

beforeAll(async () => {
  directory = makeFiles({ "own name.txt": "content" });
  const file = join(directory, "own name.txt");
  const root = new Resource("/").setHandlerFor(_get.to(() => new Response("page")));
  const kinds = { attachment: "attachment", inline: "inline" } as const;
  for (const kind of Object.values(kinds)) {
    root.subresource(`/${kind}/{index}`).setHandlerFor(
      _get.to(({ params }) => {
        const name = NAMES[Number((params as { index: string }).index)]?.[0] ?? true;
        return FileStream.open(file, { [kind]: name });
      }),
    );
  }
  server = await new Server().serve(root.intoService(), "127.0.0.1:0");
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const hasCurl = curlVersion() !== "";
if (!hasCurl) {
  announceSkipped("tests of attachments with curl are", "there is no curl.");
}

describe.skipIf(!hasCurl)("curl -OJ", () => {
  const stored = async (index: number | string) => {
    const folder = mkdtempSync(join(tmpdir(), "argania-attachments-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await execute("curl", ["-sS", "-m", "15", "--noproxy", "*", "-OJ", at(`/attachment/${index}`)], {
      cwd: folder,
    });
    const [name = "", ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(readFileSync(join(folder, name), "utf8")).toBe("content");
    return name;
  };

  it.each(NAMES.map(([name, , expected], index) => [name, expected, index] as const))(
    "stores %j as %j",
    async (_, expected, index) => {
      expect(await stored(index)).toBe(expected);
    },
  );

  it("stores a file under its own name", async () => {
    expect(await stored("own")).toBe("own name.txt");
  });
});

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped(
    "tests of attachments with a browser are",
    "there is no Chromium. Install it, or set CHROMIUM_PATH.",
  );
}

describe.skipIf(executablePath === undefined)("Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
    page = await browser.newPage();
    await page.goto(at("/"));
  }, 60_000);
  afterAll(() => browser?.close());

  const stored = async (index: number | string) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.evaluate(`location.href = "/attachment/${index}"`),
    ]);
    expect(readFileSync(await download.path(), "utf8")).toBe("content");
    return download.suggestedFilename();
  };

  it.each(NAMES.map(([name, expected], index) => [name, expected, index] as const))(
    "stores %j as %j",
    async (_, expected, index) => {
      expect(await stored(index)).toBe(expected);
    },
  );

  it("stores a file under its own name, and shows one that is inline", async () => {
    expect(await stored("own")).toBe("own name.txt");
    const other = await browser.newPage();
    const response = await other.goto(at("/inline/2"));
    expect(response?.headers()["content-disposition"]).toBe(
      `inline; filename="_berblick 2026.pdf"; filename*=UTF-8''%C3%9Cberblick%202026.pdf`,
    );
    expect(await other.locator("body").textContent()).toBe("content");
    await other.close();
  });
});
