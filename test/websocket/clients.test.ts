import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";
import { WebSocket as UndiciWebSocket } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { announceSkipped, curlVersion, findChromium } from "../examples/find-program.ts";
import { echo, serveSite } from "./sockets.ts";

const execute = promisify(execFile);

test("undici's WebSocket, which is that of Node and of fetch", async () => {
  const { url } = await serveSite(echo, { protocols: ["chat"], compression: true });
  const socket = new UndiciWebSocket(url, ["chat"]);
  socket.binaryType = "arraybuffer";
  const got: unknown[] = [];
  const closed = new Promise<unknown>((resolve) => {
    socket.onclose = ({ code, reason, wasClean }) => resolve([code, reason, wasClean]);
  });
  socket.onmessage = ({ data }) => {
    got.push(typeof data === "string" ? data : [...new Uint8Array(data)]);
    if (got.length === 3) {
      socket.close(3000, "enough");
    }
  };
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  expect(socket.protocol).toBe("chat");
  socket.send("Grüße");
  socket.send("long ".repeat(1_000));
  socket.send(Uint8Array.of(1, 2, 3));
  expect(await closed).toEqual([3000, "enough", true]);
  expect(got).toEqual(["Grüße", "long ".repeat(1_000), [1, 2, 3]]);
});

const hasCurl = curlVersion() !== "";
if (!hasCurl) {
  announceSkipped("tests with curl are", "there is no curl.");
}

describe.skipIf(!hasCurl)("curl", () => {
  const ask = async (port: number, ...options: string[]) => {
    const { stdout } = await execute("curl", [
      "-sS",
      "-i",
      "--http1.1",
      "--max-time",
      "5",
      ...options,
      `http://127.0.0.1:${port}/ws`,
    ]);
    return stdout;
  };
  const upgrade = ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket"];

  test("an ordinary request is told to upgrade", async () => {
    const { port } = await serveSite();
    expect(await ask(port)).toMatch(/^HTTP\/1\.1 426 [\s\S]*upgrade: websocket/i);
  });

  test("a handshake without version and key is told what is wrong", async () => {
    const { port } = await serveSite();
    expect(await ask(port, ...upgrade)).toMatch(/^HTTP\/1\.1 426 [\s\S]*sec-websocket-version: 13/i);
    expect(await ask(port, ...upgrade, "-H", "Sec-WebSocket-Version: 13")).toMatch(/^HTTP\/1\.1 400 /);
  });
});

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped("WebSockets in a browser are", "there is no Chromium. Install it, or set CHROMIUM_PATH.");
}

describe.skipIf(executablePath === undefined)("Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
  }, 60_000);
  afterAll(() => browser?.close());

  /** What a page of an origin sees of the echo: its answers, or how it ended. */
  const talk = async (page: string, url: string): Promise<unknown> => {
    const tab = await browser.newPage();
    await tab.goto(page);
    return tab.evaluate(`new Promise((resolve) => {
      const socket = new WebSocket(${JSON.stringify(url)}, "chat");
      socket.binaryType = "arraybuffer";
      const got = [];
      socket.onopen = () => { socket.send("Grüße 🌍"); socket.send("long ".repeat(10000)); socket.send(Uint8Array.of(1, 2)); };
      socket.onmessage = ({ data }) => {
        got.push(typeof data === "string" ? data.slice(0, 10) + data.length : [...new Uint8Array(data)]);
        if (got.length === 3) socket.close(3001, "bye");
      };
      socket.onclose = ({ code, wasClean }) => resolve({ got, code, wasClean, protocol: socket.protocol });
    })`);
  };

  test.each([false, true])(
    "talks to a WebSocket of its page's origin, and to no other (compression: %s)",
    async (compression) => {
      const { port, url } = await serveSite(echo, { protocols: ["chat"], compression });
      const own = `http://127.0.0.1:${port}/`;
      expect(await talk(own, url)).toEqual({
        got: ["Grüße 🌍8", "long long 50000", [1, 2]],
        code: 3001,
        wasClean: true,
        protocol: "chat",
      });
      // The same server under another name is another origin.
      expect(await talk(`http://localhost:${port}/`, url)).toMatchObject({ got: [], code: 1006 });
    },
  );

  test("hears that the server drains", async () => {
    const { port, url, close } = await serveSite(echo);
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${port}/`);
    const ended = tab.evaluate(`new Promise((resolve) => {
      const socket = new WebSocket(${JSON.stringify(url)});
      socket.onopen = () => { document.title = "open"; };
      socket.onclose = ({ code, wasClean }) => resolve([code, wasClean]);
    })`);
    await expect.poll(() => tab.title()).toBe("open");
    await close();
    expect(await ended).toEqual([1001, true]);
  });
});
