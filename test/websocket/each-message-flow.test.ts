import { Server } from "argania";
import type { WebSocketClose } from "argania/websocket";
import { describe, expect, test } from "vitest";
import {
  BINARY,
  type Callback,
  closeCodeIn,
  frame,
  openClient,
  openRaw,
  serveSite,
  TEXT,
} from "./sockets.ts";

/** Waits until a figure does not change any more. */
async function steady(figure: () => number): Promise<number> {
  let before = -1;
  while (figure() !== before) {
    before = figure();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return before;
}

describe("a slow callback", () => {
  test("stops its client, which is read again when the callback is done", async () => {
    let release: () => void = () => {};
    const wanted = new Promise<void>((resolve) => {
      release = resolve;
    });
    let taken = 0;
    const { url } = await serveSite((socket) =>
      socket.eachMessage(async (message) => {
        await wanted;
        taken += message.length;
      }),
    );
    const { socket } = await openClient(url);
    const chunk = Buffer.alloc(64_000);
    for (let index = 0; index < 500; index++) {
      socket.send(chunk);
    }
    expect(await steady(() => socket.bufferedAmount)).toBeGreaterThan(10_000_000);
    expect(taken).toBe(0);
    release();
    await expect.poll(() => taken, { timeout: 10_000 }).toBe(500 * chunk.length);
  });

  test("is told of the drain at once, and does not hold it up", async () => {
    const events: unknown[] = [];
    const { url, close } = await serveSite(
      async (socket) => {
        socket.signal.addEventListener("abort", () => events.push("aborted"));
        await socket.eachMessage(() => new Promise(() => {}));
      },
      {},
      { server: new Server().withGracefulShutdown(600_000) },
    );
    const { socket, closed } = await openClient(url);
    socket.send("never done");
    await close();
    expect((await closed).code).toBe(1001);
    await expect.poll(() => events).toEqual(["aborted"]);
  });
});

const senders: [string, Callback][] = [
  ["whose send is returned", (socket) => socket.eachMessage((message) => socket.send(message))],
  [
    "whose send nobody looks at",
    (socket) =>
      socket.eachMessage((message) => {
        socket.send(message);
      }),
  ],
  [
    "whose send nobody looks at in an async callback",
    (socket) =>
      socket.eachMessage(async (message) => {
        socket.send(message);
      }),
  ],
];

describe.each(senders)("a client that reads nothing of an echo %s", (_, callback) => {
  test.each([
    ["small", frame(BINARY, Buffer.alloc(1_000)).repeat(60), 60_000],
    ["large", frame(BINARY, Buffer.alloc(60_000)), 60_000],
  ])("is not read from any more, and nothing piles up: %s messages", async (_name, bytes, length) => {
    let sent = 0;
    const count = 500;
    const limit = 2_000_000;
    const { port, reports } = await serveSite(
      (socket) => {
        const send = socket.send.bind(socket);
        socket.send = (message) => {
          sent += (message as Uint8Array).length;
          return send(message);
        };
        return callback(socket);
      },
      // Far less than what comes: whoever is cut off for it has not been waited for.
      { maxBufferedBytes: limit },
    );
    const client = await openRaw(port);
    client.socket.pause();
    for (let index = 0; index < count; index++) {
      client.send(bytes);
    }
    await steady(() => sent);
    expect(sent).toBeLessThan(count * length);
    expect(client.socket.writableLength).toBeGreaterThan(1_000_000);
    client.socket.resume();
    await expect.poll(() => sent, { timeout: 20_000 }).toBe(count * length);
    expect(closeCodeIn(client.received)).toBeUndefined();
    expect(reports).toEqual([]);
  });
});

test("whoever sends to another one that is too slow is not held up, and that one is cut off", async () => {
  let close: WebSocketClose | undefined;
  let slow: Parameters<Callback>[0] | undefined;
  const { port, url, reports } = await serveSite(
    async (socket) => {
      if (slow === undefined) {
        slow = socket;
        await socket.eachMessage(() => {});
        close = await socket.closed;
        return;
      }
      await socket.eachMessage((message) => {
        slow?.send(message);
        return socket.send("sent");
      });
    },
    { maxBufferedBytes: 1_000_000 },
  );
  const sleeping = await openRaw(port);
  sleeping.socket.pause();
  const { socket, messages } = await openClient(url);
  const chunk = Buffer.alloc(100_000);
  const sendMore = () => {
    if (close === undefined) {
      socket.send(chunk);
      setImmediate(sendMore);
    }
  };
  sendMore();
  await expect.poll(() => close, { timeout: 20_000 }).toEqual({ code: 1008, reason: "", wasClean: false });
  expect(messages.length).toBeGreaterThan(10);
  expect(reports).toEqual([]);
});

test("a client that takes nothing of its answers is gone after the idle timeout", async () => {
  let close: WebSocketClose | undefined;
  const { port } = await serveSite(
    async (socket) => {
      await socket.eachMessage((message) => {
        socket.send(message);
      });
      close = await socket.closed;
    },
    { idleTimeout: 200, closeTimeout: 50 },
  );
  const client = await openRaw(port);
  client.socket.pause();
  const message = frame(BINARY, Buffer.alloc(60_000));
  for (let index = 0; index < 500; index++) {
    client.send(message);
  }
  await expect.poll(() => close, { timeout: 20_000 }).toMatchObject({ code: 1001, wasClean: false });
});

test.each([
  ["a message that is too long", { maxMessageBytes: 10 }, frame(TEXT, "x".repeat(11)), 1009],
  [
    "too many fragments",
    { maxFragments: 2 },
    frame(TEXT, "a", false) + frame(0, "b", false) + frame(0, "c"),
    1008,
  ],
  ["text that is no UTF-8", {}, frame(TEXT, Buffer.from([0xff])), 1007],
  ["a frame of an unknown kind", {}, frame(3, "x"), 1002],
])("%s closes as it does in a loop", async (_, options, bytes, code) => {
  const seen: unknown[] = [];
  const { port, reports } = await serveSite(
    async (socket) => {
      await socket.eachMessage((message) => seen.push(message));
      seen.push(await socket.closed);
    },
    { ...options, closeTimeout: 50 },
  );
  const client = await openRaw(port);
  client.send(bytes);
  await expect.poll(() => closeCodeIn(client.received)).toBe(code);
  await expect.poll(() => seen).toMatchObject([{ code }]);
  expect(reports).toEqual([]);
});
