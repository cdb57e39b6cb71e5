import { connect, type Socket } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";
import { withBodiesApp } from "./bodies-app.ts";
import { checkAlive } from "./check-answer.ts";

const spaces = Buffer.alloc(10_000_000, " ");
const MEGABYTE = 1_000_000;

describe("H24: compression bombs", () => {
  test.each([
    ["gzip", gzipSync, gzipSync(spaces)],
    ["br", brotliCompressSync, brotliCompressSync(spaces)],
    [
      "gzip, gzip",
      (text: string) => gzipSync(gzipSync(text)),
      gzipSync(gzipSync(Buffer.alloc(200_000_000, " "))),
    ],
  ])("in %s are opened as far as the limit and no further", async (coding, compress, bomb) => {
    const site = await withBodiesApp("--expose-gc");
    expect(bomb.length).toBeLessThan(20_000);
    const post = async (body: Uint8Array<ArrayBuffer>) => {
      const headers = { "content-type": "application/json", "content-encoding": coding };
      const url = `http://127.0.0.1:${site.port}/json`;
      return (await fetch(url, { method: "POST", headers, body })).status;
    };
    // What the program has to load comes first.
    expect(await post(new Uint8Array(compress("[1]")))).toBe(200);
    const before = Number(await site.get("/memory"));
    expect(await post(new Uint8Array(bomb))).toBe(413);
    expect(Number(await site.get("/memory")) - before).toBeLessThan(8 * MEGABYTE);
    // Opened, thirty of them would be 300 MB; what stays for a while is what the collector has not looked at yet.
    for (let index = 0; index < 30; index++) {
      expect(await post(new Uint8Array(bomb))).toBe(413);
    }
    expect(Number(await site.get("/memory")) - before).toBeLessThan(80 * MEGABYTE);
    await checkAlive(site);
    expect(site.app.output()).not.toMatch(/unhandled|warning/);
  });

  test("that come slowly and never end are given up at their limit", async () => {
    const site = await withBodiesApp();
    const client = await RawClient.connect(site.port);
    const lines = [
      "Host: x",
      "Content-Type: application/json",
      "Content-Encoding: gzip",
      "Transfer-Encoding: chunked",
    ];
    client.send(`POST /json HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    client.socket.on("error", () => {});
    // Empty blocks: nothing ever comes out.
    const blocks = Buffer.concat(Array(10_000).fill(Buffer.from([0, 0, 0, 0xff, 0xff]))).toString("latin1");
    client.send(`a\r\n${gzipSync("").subarray(0, 10).toString("latin1")}\r\n`);
    for (
      let sent = 0;
      sent < 200 && statuses(client.received).length === 0 && !client.socket.destroyed;
      sent++
    ) {
      client.send(`${blocks.length.toString(16)}\r\n${blocks}\r\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(statuses(await client.all())).toEqual([413]);
  });

  test("whose clients leave at any point harm nobody", async () => {
    const site = await withBodiesApp();
    const body = gzipSync(crypto.getRandomValues(new Uint8Array(3_000))).toString("latin1");
    const lines = [
      "Host: x",
      "Content-Type: application/json",
      "Content-Encoding: gzip",
      `Content-Length: ${body.length}`,
    ];
    const whole = `POST /json HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
    for (let at = 0; at < whole.length; at += 97) {
      const client = await RawClient.connect(site.port);
      client.send(whole.slice(0, at));
      await new Promise((resolve) => setImmediate(resolve));
      client.socket.resetAndDestroy();
    }
    await checkAlive(site);
    expect(await site.get("/reports")).toBe("0");
    expect(site.app.output()).not.toMatch(/unhandled|warning/);
  });
});

test("S15: heap pressure: 200 bodies of 1 MiB at once with a heap of 128 MB", async () => {
  const site = await withBodiesApp("--max-old-space-size=128");
  // What takes the most memory for its length: twenty times as much.
  const body = `[${"{},".repeat(349_000)}{}]`;
  expect(body.length).toBeLessThan(2 ** 20);
  const head = `POST /slow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  const bytes = Buffer.from(head + body);
  const answers = await Promise.all(Array.from({ length: 200 }, () => answerTo(site.port, bytes)));
  const found = statuses(answers.join(""));
  expect(found).toContain(200);
  expect(found).toContain(503);
  expect(new Set(found)).toEqual(new Set([200, 503]));
  expect(answers.find((answer) => answer.includes(" 503 "))).toMatch(
    /retry-after: 1\r\n[\s\S]*ARGANIA_BODY_MEMORY/i,
  );
  await checkAlive(site);
  expect(await site.get("/reports")).toBe("0");
  // And there is room again.
  expect(await answerTo(site.port, bytes)).toMatch(/^HTTP\/1\.1 200 [\s\S]*349001$/);
}, 60_000);

/** All that the server sends until it closes. */
function answerTo(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const socket: Socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(received));
  });
}
