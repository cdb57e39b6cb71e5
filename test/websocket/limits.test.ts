import { deflateRawSync } from "node:zlib";
import type { Layer } from "argania";
import type { WebSocketClose, WebSocketOptions } from "argania/websocket";
import { describe, expect, test } from "vitest";
import {
  BINARY,
  CONTINUATION,
  closeCodeIn,
  closeFrame,
  echo,
  frame,
  framesIn,
  openClient,
  openRaw,
  PING,
  serveSite,
  TEXT,
} from "./sockets.ts";

/** What the server makes of bytes after the handshake: the code that it sends, and the one that the callback sees. */
async function fateOf(bytes: string, options: WebSocketOptions = {}): Promise<unknown> {
  let close: WebSocketClose | undefined;
  const { port, reports } = await serveSite(
    async (socket) => {
      await echo(socket);
      close = await socket.closed;
    },
    { closeTimeout: 50, ...options },
  );
  const client = await openRaw(port);
  client.send(bytes);
  await client.ended;
  await expect.poll(() => close).toBeDefined();
  expect(reports).toEqual([]);
  return [closeCodeIn(client.received), close?.code, close?.wasClean];
}

const unmasked = (opcode: number, payload: string) =>
  String.fromCharCode(0x80 | opcode, payload.length) + payload;

/** With a bit of the first byte turned on. */
const withBit = (bit: number, bytes: string) =>
  String.fromCharCode(bytes.charCodeAt(0) | bit) + bytes.slice(1);

describe("violations of the protocol end the connection, with the code for them", () => {
  test.each([
    ["an unmasked frame", unmasked(TEXT, "hi"), 1002],
    ["an unknown opcode", frame(3), 1002],
    ["an unknown control opcode", frame(0xb), 1002],
    ["reserved bit 1 without an extension", withBit(0x40, frame(TEXT, "x")), 1002],
    ["reserved bit 2", withBit(0x20, frame(TEXT, "x")), 1002],
    ["reserved bit 3", withBit(0x10, frame(PING)), 1002],
    ["a control frame in fragments", frame(PING, "x", false), 1002],
    ["a control frame that is too long", frame(PING, "x".repeat(126)), 1002],
    ["a continuation of nothing", frame(CONTINUATION, "x"), 1002],
    ["a message inside of a message", frame(TEXT, "a", false) + frame(TEXT, "b"), 1002],
    ["a close frame of one byte", frame(8, "x"), 1002],
    ["the close code 1005", closeFrame(1005), 1002],
    ["the close code 999", closeFrame(999), 1002],
    ["a close reason that is not UTF-8", closeFrame(1000) && frame(8, Buffer.from([3, 232, 0xff])), 1007],
    ["text that is not UTF-8", frame(TEXT, Buffer.from([0xc3, 0x28])), 1007],
    ["text that ends within a character", frame(TEXT, Buffer.from("€").subarray(0, 2)), 1007],
    ["a surrogate", frame(TEXT, Buffer.from([0xed, 0xa0, 0x80])), 1007],
  ])("%s", async (_, bytes, code) => {
    expect(await fateOf(bytes)).toEqual([code, code, false]);
  });
});

describe("limits", () => {
  test("a message of exactly 1 MiB is taken, by default", async () => {
    const { url } = await serveSite(async (socket) => {
      for await (const message of socket) {
        await socket.send(String(message.length));
      }
    });
    const { socket, messages, closed } = await openClient(url);
    socket.send(Buffer.alloc(1_048_576));
    await expect.poll(() => messages).toEqual(["1048576"]);
    socket.send(Buffer.alloc(1_048_577));
    expect((await closed).code).toBe(1009);
  });

  test.each([
    ["in one frame", frame(BINARY, Buffer.alloc(11))],
    ["in fragments", frame(BINARY, Buffer.alloc(6), false) + frame(CONTINUATION, Buffer.alloc(5))],
    ["announced, and not sent", frame(BINARY, Buffer.alloc(70_000)).slice(0, 14)],
    ["with a length beyond all numbers", `\x82\xff${"\xff".repeat(8)}`],
  ])("a message that is too long closes with 1009: %s", async (_, bytes) => {
    expect(await fateOf(bytes, { maxMessageBytes: 10 })).toEqual([1009, 1009, false]);
  });

  test.each([
    ["of a byte", "x"],
    ["that are empty", ""],
  ])("too many fragments %s close with 1008; as many as are allowed do not", async (_, payload) => {
    const fragments = (count: number) =>
      frame(BINARY, payload, false) +
      frame(CONTINUATION, payload, false).repeat(count - 2) +
      frame(CONTINUATION, payload);
    const { port } = await serveSite(echo, { closeTimeout: 50 });
    const client = await openRaw(port);
    client.send(fragments(1_024));
    await expect.poll(() => framesIn(client.received).length).toBe(1);
    client.send(fragments(1_025));
    await client.ended;
    expect(closeCodeIn(client.received)).toBe(1008);
  });

  test("unfinished messages count, too", async () => {
    const flood = frame(TEXT, "", false) + frame(CONTINUATION, "", false).repeat(5_000);
    expect(await fateOf(flood, { maxFragments: 100 })).toEqual([1008, 1008, false]);
  });
});

describe("compression", () => {
  const EXTENSION = { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" };

  test("is off by default", async () => {
    const { url } = await serveSite();
    const { head, socket } = await openClient(url, [], { perMessageDeflate: true });
    expect(head).not.toHaveProperty("sec-websocket-extensions");
    expect(socket.extensions).toBe("");
  });

  test.each([true, { threshold: 0, level: 1 }])("%j compresses in both directions", async (compression) => {
    const { url } = await serveSite(echo, { compression });
    const { head, socket, messages } = await openClient(url, [], { perMessageDeflate: { threshold: 0 } });
    expect(head["sec-websocket-extensions"]).toMatch(
      /permessage-deflate; .*server_no_context_takeover; client_no_context_takeover/,
    );
    const sent = ["short", "long ".repeat(10_000), "Grüße".repeat(1_000)];
    for (const message of sent) {
      socket.send(message);
    }
    await expect.poll(() => messages).toEqual(sent);
    // The three messages have 63 KB.
    expect((socket as unknown as { _socket: { bytesRead: number } })._socket.bytesRead).toBeLessThan(10_000);
  });

  test("a client that does not want it is served without", async () => {
    const { url } = await serveSite(echo, { compression: true });
    const { head, socket, messages } = await openClient(url);
    expect(head).not.toHaveProperty("sec-websocket-extensions");
    socket.send("plain ".repeat(1_000));
    await expect.poll(() => messages).toEqual(["plain ".repeat(1_000)]);
  });

  test("the limit is that of the message, not of what it is compressed to", async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000), { finishFlush: 2 }).subarray(0, -4);
    const { port } = await serveSite(echo, { compression: true, closeTimeout: 50 });
    const client = await openRaw(port, EXTENSION);
    const before = process.memoryUsage.rss();
    client.send(withBit(0x40, frame(BINARY, bomb)));
    await client.ended;
    expect(closeCodeIn(client.received)).toBe(1009);
    expect(process.memoryUsage.rss() - before).toBeLessThan(40_000_000);
  });

  test.each([
    "permessage-deflate",
    "permessage-deflate; server_max_window_bits=9",
    "permessage-deflate; client_max_window_bits=15; server_no_context_takeover",
    "x-unknown, permessage-deflate",
  ])("any client's offer is taken: %s", async (offer) => {
    const { port } = await serveSite(echo, { compression: { threshold: 0 } });
    const client = await openRaw(port, { "Sec-WebSocket-Extensions": offer });
    expect(client.received).toMatch(/\r\nSec-WebSocket-Extensions: permessage-deflate/);
  });

  test("what does not decompress closes the connection", async () => {
    const { port } = await serveSite(echo, { compression: true, closeTimeout: 50 });
    const client = await openRaw(port, EXTENSION);
    client.send(withBit(0x40, frame(BINARY, "\xff\xff\xff\xff")));
    await client.ended;
    expect(closeCodeIn(client.received)).toBe(1007);
  });

  test("an offer that is malformed gets a 400 that layers see", async () => {
    const seen: unknown[] = [];
    const layer: Layer = (next) => async (context, args) => {
      try {
        return await next(context, args);
      } catch (error) {
        seen.push((error as { code?: string }).code);
        throw error;
      }
    };
    const { port } = await serveSite(echo, { compression: true }, { layers: [layer] });
    await expect(openRaw(port, { "Sec-WebSocket-Extensions": "permessage-deflate; x=;" })).rejects.toThrow(
      /HTTP\/1\.1 400 [\s\S]*"ARGANIA_WEBSOCKET_HANDSHAKE"/,
    );
    expect(seen).toEqual(["ARGANIA_WEBSOCKET_HANDSHAKE"]);
  });

  test.each(["permessage-deflate; x=1", "permessage-deflate; server_max_window_bits=99", "x-unknown"])(
    "an offer that cannot be met is declined: %s",
    async (offer) => {
      const { port } = await serveSite(echo, { compression: true });
      const client = await openRaw(port, { "Sec-WebSocket-Extensions": offer });
      expect(client.received).not.toMatch(/sec-websocket-extensions/i);
    },
  );
});
