import { connect as connectHttp2 } from "node:http2";
import { Server } from "argania";
import { describe, expect, test } from "vitest";
import { parseResponses, sendRaw } from "../hostile/raw-client.ts";
import { RawClient } from "../server/raw-client.ts";
import { echo, frame, framesIn, handshake, openRaw, serveSite, siteWith, TEXT } from "./sockets.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

async function answerTo(port: number, raw: string) {
  const { bytes, isClosed } = await sendRaw({ host: "127.0.0.1", port }, raw);
  const [response] = parseResponses(bytes, raw.startsWith("HEAD"));
  const problem =
    response?.body === "" ? undefined : (JSON.parse(response?.body ?? "{}") as { code: string });
  return { status: response?.status, code: problem?.code, headers: response?.headers ?? {}, isClosed };
}

describe("a good handshake", () => {
  test("is answered as RFC 6455 §1.3 has it", async () => {
    const { port } = await serveSite();
    const client = await openRaw(port);
    const [response] = parseResponses(Buffer.from(client.received, "latin1"), false);
    expect(response).toMatchObject({
      status: 101,
      headers: {
        upgrade: "websocket",
        connection: "Upgrade",
        "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      },
    });
    expect(response?.headers).not.toHaveProperty("sec-websocket-protocol");
    expect(response?.headers).not.toHaveProperty("sec-websocket-extensions");
    expect(response?.headers).not.toHaveProperty("content-length");
  });

  test.each([
    ["other cases", { Connection: "uPgRaDe", Upgrade: "WebSocket" }],
    ["lists", { Connection: "keep-alive, Upgrade", Upgrade: "foo, websocket" }],
    ["an offer of compression, which is off", { "Sec-WebSocket-Extensions": "permessage-deflate" }],
    ["an offer of nonsense", { "Sec-WebSocket-Extensions": ";;=" }],
  ])("may have %s", async (_, headers) => {
    const { port } = await serveSite();
    const client = await openRaw(port, headers);
    client.send(frame(TEXT, "x"));
    await client.until(/x$/);
    expect(client.received).not.toMatch(/extensions/i);
  });

  test("may come in pieces, and after another request on its connection", async () => {
    const { port } = await serveSite();
    const client = await RawClient.connect(port);
    await client.get("/").until(/root$/);
    client.received = "";
    for (const piece of handshake().match(/[\s\S]{1,40}/g) ?? []) {
      client.send(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await client.until(/^HTTP\/1\.1 101 [\s\S]*\r\n\r\n/);
    client.send(frame(TEXT, "hi"));
    await client.until(/hi$/);
    expect(framesIn(client.received)).toMatchObject([{ opcode: TEXT }]);
    client.close();
  });
});

describe("what is no handshake", () => {
  test.each([
    ["an ordinary GET", { Connection: null, Upgrade: null }],
    ["an Upgrade that Connection does not name", { Connection: "keep-alive" }],
    ["a Connection without Upgrade", { Upgrade: null }],
  ])("gets 426 and what to upgrade to, and the connection goes on: %s", async (_, headers) => {
    const { port } = await serveSite();
    const client = await RawClient.connect(port);
    client.send(handshake("/ws", headers));
    await client.until(/"ARGANIA_WEBSOCKET_UPGRADE_REQUIRED"\}$/);
    expect(client.received).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/);
    expect(client.received).toMatch(/\r\nupgrade: websocket\r\n/);
    expect(client.received).toMatch(/\r\nconnection: upgrade, keep-alive\r\n/i);
    expect(client.received.match(/\r\nconnection:/gi)).toHaveLength(1);
    client.received = "";
    await client.get("/").until(/root$/);
    client.close();
  });

  test("another protocol gets it, too, and the connection stays", async () => {
    const { port } = await serveSite();
    const { status, headers, isClosed } = await answerTo(port, handshake("/ws", { Upgrade: "h2c" }));
    expect([status, headers.connection, isClosed]).toEqual([426, "upgrade, keep-alive", false]);
  });

  test("a client that closes is told so, too", async () => {
    const { port } = await serveSite();
    const { status, headers, isClosed } = await answerTo(
      port,
      handshake("/ws", { Connection: "close", Upgrade: null }),
    );
    expect([status, headers.connection, isClosed]).toEqual([426, "upgrade, close", true]);
  });

  test("HEAD gets the head of the 426", async () => {
    const { port } = await serveSite();
    const raw = handshake().replace("GET", "HEAD");
    expect(await answerTo(port, raw)).toMatchObject({
      status: 426,
      headers: { upgrade: "websocket" },
      code: undefined,
    });
  });

  test("another method gets 405", async () => {
    const { port } = await serveSite();
    const raw = handshake().replace("GET", "POST");
    expect(await answerTo(port, raw)).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });

  test("HTTP/1.0 has no upgrades (RFC 9110 §7.8)", async () => {
    const { port } = await serveSite();
    expect((await answerTo(port, handshake().replace("HTTP/1.1", "HTTP/1.0"))).status).toBe(426);
  });

  test("HTTP/2 is told to come by HTTP/1.1", async () => {
    const { port } = await serveSite(echo, {}, { server: new Server().withHttp2() });
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({
      ":path": "/ws",
      "sec-websocket-version": "13",
      "sec-websocket-key": KEY,
    });
    const [headers, body] = await new Promise<[Record<string, unknown>, string]>((resolve) => {
      let text = "";
      stream.on("data", (chunk) => {
        text += chunk;
      });
      stream.on("response", (head) => stream.on("end", () => resolve([head, text])));
    });
    expect(headers[":status"]).toBe(426);
    expect(body).toContain("HTTP/1.1 only");
    session.close();
  });

  test("requests in process have no connection to upgrade", async () => {
    const { service, reports } = siteWith(echo);
    const headers = { connection: "upgrade", upgrade: "websocket" };
    expect((await service.request("/ws")).status).toBe(426);
    const response = await service.request("/ws", { headers });
    expect(response.status).toBe(501);
    expect(await response.text()).not.toContain("nodeListener");
    expect(reports).toMatchObject([{ err: { code: "ARGANIA_WEBSOCKET_UNSUPPORTED" } }]);
    expect(String((reports[0]?.err as Error | undefined)?.cause)).toContain(
      "http.createServer(service.nodeListener)",
    );
  });
});

describe("a malformed handshake", () => {
  test.each([
    ["no version", { "Sec-WebSocket-Version": null }],
    ["an old version", { "Sec-WebSocket-Version": "8" }],
    ["a version of the future", { "Sec-WebSocket-Version": "14" }],
    ["versions to choose from", { "Sec-WebSocket-Version": "13, 8" }],
  ])("gets 426 with the version that there is: %s", async (_, headers) => {
    const { port } = await serveSite();
    expect(await answerTo(port, handshake("/ws", headers))).toMatchObject({
      status: 426,
      code: "ARGANIA_WEBSOCKET_VERSION",
      headers: { "sec-websocket-version": "13", upgrade: "websocket" },
      isClosed: true,
    });
  });

  test.each([
    ["no key", { "Sec-WebSocket-Key": null }],
    ["an empty key", { "Sec-WebSocket-Key": "" }],
    ["a short key", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25j" }],
    ["a long key", { "Sec-WebSocket-Key": `AAAA${KEY}` }],
    ["a key that is no base64", { "Sec-WebSocket-Key": `${KEY.slice(0, -3)}*==` }],
    ["two keys", { "Sec-WebSocket-Key": `${KEY}\r\nSec-WebSocket-Key: ${KEY}` }],
    ["an empty list of protocols", { "Sec-WebSocket-Protocol": "" }],
    ["a protocol twice", { "Sec-WebSocket-Protocol": "a, b, a" }],
    ["a protocol that is no token", { "Sec-WebSocket-Protocol": "a b" }],
    ["a body", { "Content-Length": "5" }],
    ["a chunked body", { "Transfer-Encoding": "chunked" }],
  ])("gets 400: %s", async (_, headers) => {
    const { port } = await serveSite();
    const body = "Content-Length" in headers ? "hello" : "Transfer-Encoding" in headers ? "0\r\n\r\n" : "";
    expect(await answerTo(port, handshake("/ws", headers) + body)).toMatchObject({
      status: 400,
      code: "ARGANIA_WEBSOCKET_HANDSHAKE",
    });
  });

  test("is refused before the one in front of it was answered", async () => {
    let release = (): void => {};
    const { port } = await serveSite(
      echo,
      {},
      {
        layers: [
          (next) => async (context, args) => {
            if (context.query.has("slow")) {
              await new Promise<void>((resolve) => {
                release = resolve;
              });
            }
            return next(context, args);
          },
        ],
      },
    );
    const client = await RawClient.connect(port);
    client.send(handshake("/ws?slow", { Upgrade: null }) + handshake());
    await new Promise((resolve) => setTimeout(resolve, 50));
    release();
    await client.until(/ARGANIA_WEBSOCKET_HANDSHAKE/);
    expect(client.received.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 426", "HTTP/1.1 400"]);
    client.close();
  });
});
