import type { WebSocketClose } from "argania/websocket";
import { describe, expect, test } from "vitest";
import {
  BINARY,
  CONTINUATION,
  echo,
  frame,
  framesIn,
  openClient,
  openRaw,
  serveSite,
  TEXT,
} from "./sockets.ts";

describe("messages", () => {
  test.each([
    ["a short text", "hello"],
    ["an empty text", ""],
    ["text beyond Latin", "Grüße, 世界 🌍"],
    ["a text of 70,000 bytes", "x".repeat(70_000)],
    ["bytes", Buffer.from([0, 1, 255])],
    ["no bytes", Buffer.alloc(0)],
    ["100,000 bytes", Buffer.alloc(100_000, 7)],
  ])("come back as they were: %s", async (_, message) => {
    const { url } = await serveSite();
    const { socket, messages } = await openClient(url);
    socket.send(message);
    await expect.poll(() => messages).toEqual([message]);
  });

  test("text is a string, and bytes are a plain Uint8Array", async () => {
    const seen: unknown[] = [];
    const { url } = await serveSite(async (socket) => {
      for await (const message of socket) {
        seen.push(typeof message === "string" ? message : [message.constructor.name, [...message]]);
      }
    });
    const { socket } = await openClient(url);
    socket.send("text");
    socket.send(Buffer.from([1, 2]));
    await expect.poll(() => seen).toEqual(["text", ["Uint8Array", [1, 2]]]);
  });

  test("come in the order in which they were sent, however many", async () => {
    const { url } = await serveSite();
    const { socket, messages } = await openClient(url);
    const sent = Array.from({ length: 5_000 }, (_, index) => `message ${index}`);
    for (const message of sent) {
      socket.send(message);
    }
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBe(sent.length);
    expect(messages).toEqual(sent);
  });

  test("a character may be split over fragments, and a ping may come between them", async () => {
    const { port } = await serveSite();
    const client = await openRaw(port);
    const [first, second, third] = [...Buffer.from("€")].map((byte) => Buffer.from([byte])) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    client.send(frame(TEXT, first, false));
    client.send(frame(9, "now") + frame(CONTINUATION, second, false));
    client.send(frame(CONTINUATION, third));
    await client.until(/\xe2\x82\xac$/);
    expect(framesIn(client.received)).toEqual([
      { opcode: 10, payload: Buffer.from("now") },
      { opcode: TEXT, payload: Buffer.from("€") },
    ]);
  });

  test("those in the same bytes as the handshake are not lost", async () => {
    const { port } = await serveSite();
    const client = await openRaw(port, {}, frame(TEXT, "one") + frame(BINARY, "two"));
    await client.until(/two$/);
    expect(framesIn(client.received).map(({ payload }) => payload.toString())).toEqual(["one", "two"]);
  });
});

describe("the loop over messages", () => {
  test("can be left and followed by another one, which goes on with the next message", async () => {
    const seen: unknown[] = [];
    const { url } = await serveSite(async (socket) => {
      for await (const message of socket) {
        seen.push(`first ${message}`);
        break;
      }
      expect(socket.isOpen).toBe(true);
      for await (const message of socket) {
        seen.push(`second ${message}`);
        if (message === "c") {
          break;
        }
      }
    });
    const { socket, closed } = await openClient(url);
    for (const message of ["a", "b", "c", "d"]) {
      socket.send(message);
    }
    expect(await closed).toEqual({ code: 1000, reason: "" });
    expect(seen).toEqual(["first a", "second b", "second c"]);
  });

  test("has what came before the client closed, however slow it is", async () => {
    const seen: unknown[] = [];
    let close: WebSocketClose | undefined;
    const { url } = await serveSite(async (socket) => {
      for await (const message of socket) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push(message);
      }
      close = await socket.closed;
    });
    const { socket } = await openClient(url);
    for (const message of ["a", "b", "c"]) {
      socket.send(message);
    }
    socket.close(4321, "done");
    await expect.poll(() => close).toEqual({ code: 4321, reason: "done", wasClean: true });
    expect(seen).toEqual(["a", "b", "c"]);
  });

  test("answers several calls of next() at once, in order", async () => {
    const results: unknown[] = [];
    const { url } = await serveSite(async (socket) => {
      const iterator = socket[Symbol.asyncIterator]();
      results.push(...(await Promise.all([iterator.next(), iterator.next(), iterator.next()])));
    });
    const { socket, closed } = await openClient(url);
    socket.send("a");
    socket.send("b");
    socket.close();
    await closed;
    await expect
      .poll(() => results)
      .toEqual([
        { value: "a", done: false },
        { value: "b", done: false },
        { value: undefined, done: true },
      ]);
  });
});

test("one connection knows nothing of another", async () => {
  const { url } = await serveSite(echo);
  const clients = await Promise.all(Array.from({ length: 20 }, () => openClient(url)));
  clients.forEach(({ socket }, index) => void socket.send(`to ${index}`));
  await expect
    .poll(() => clients.map(({ messages }) => messages))
    .toEqual(clients.map((_, index) => [`to ${index}`]));
});
