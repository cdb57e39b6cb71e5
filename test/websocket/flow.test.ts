import type { WebSocketClose } from "argania/websocket";
import { expect, test } from "vitest";
import {
  BINARY,
  closeFrame,
  echo,
  frame,
  framesIn,
  openClient,
  openRaw,
  PING,
  PONG,
  serveSite,
  TEXT,
} from "./sockets.ts";

test("a client whose messages nobody takes is not read any more, and is again when they are taken", async () => {
  let take: () => void = () => {};
  const wanted = new Promise<void>((resolve) => {
    take = resolve;
  });
  let taken = 0;
  const { url } = await serveSite(async (socket) => {
    await wanted;
    for await (const message of socket) {
      taken += message.length;
    }
  });
  const { socket } = await openClient(url);
  const chunk = Buffer.alloc(64_000);
  const count = 500;
  for (let index = 0; index < count; index++) {
    socket.send(chunk);
  }
  const waiting = () => socket.bufferedAmount;
  // What the server has read by now, and what the kernel holds for it, is far from all.
  let before = -1;
  while (waiting() !== before) {
    before = waiting();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(waiting()).toBeGreaterThan(10_000_000);
  expect(taken).toBe(0);
  take();
  await expect.poll(() => taken, { timeout: 10_000 }).toBe(count * chunk.length);
});

test("whoever sends to a client that does not read waits, and learns that it has gone", async () => {
  let sent = 0;
  let end: unknown;
  const { port } = await serveSite(async (socket) => {
    const message = "x".repeat(10_000);
    try {
      for (;;) {
        await socket.send(message);
        sent += message.length;
      }
    } catch (error) {
      end = error;
    }
  });
  const client = await openRaw(port);
  client.socket.pause();
  let before = -1;
  while (sent !== before) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // What the kernel takes of it on both sides, and no more than 64 KiB beyond that.
  expect(sent).toBeLessThan(20_000_000);
  client.socket.resume();
  await expect.poll(() => sent).toBeGreaterThan(before);
  client.socket.pause();
  client.close();
  await expect.poll(() => (end as { code?: string } | undefined)?.code).toBe("ARGANIA_WEBSOCKET_CLOSED");
});

test("an echo to a client that never reads stops reading, too", async () => {
  let echoed = 0;
  const { port } = await serveSite(async (socket) => {
    for await (const message of socket) {
      await socket.send(message);
      echoed += message.length;
    }
  });
  const client = await openRaw(port);
  client.socket.pause();
  const message = frame(BINARY, Buffer.alloc(60_000));
  for (let index = 0; index < 500; index++) {
    client.send(message);
  }
  let before = -1;
  while (echoed !== before) {
    before = echoed;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(client.socket.writableLength).toBeGreaterThan(1_000_000);
});

test("whoever does not wait is cut off when too much waits", async () => {
  let close: WebSocketClose | undefined;
  const { port, reports } = await serveSite(
    async (socket) => {
      while (socket.isOpen) {
        socket.send("x".repeat(100_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
      close = await socket.closed;
    },
    { maxBufferedBytes: 1_000_000 },
  );
  const client = await openRaw(port);
  client.socket.pause();
  await expect.poll(() => close, { timeout: 10_000 }).toEqual({ code: 1008, reason: "", wasClean: false });
  expect(reports).toEqual([]);
});

test("one message may be longer than what may wait", async () => {
  const { url } = await serveSite(
    async (socket) => {
      await socket.send(new Uint8Array(500_000));
      await socket.send("after it");
    },
    { maxBufferedBytes: 0 },
  );
  const { messages, closed } = await openClient(url);
  expect((await closed).code).toBe(1000);
  expect(messages.map(({ length }) => length)).toEqual([500_000, 8]);
});

test("pings are answered with what they carry", async () => {
  const { port } = await serveSite();
  const client = await openRaw(port);
  client.send(frame(PING, "one"));
  await client.until(/one$/);
  client.send(frame(PING));
  client.send(frame(TEXT, "end"));
  await client.until(/end$/);
  expect(framesIn(client.received)).toEqual([
    { opcode: PONG, payload: Buffer.from("one") },
    { opcode: PONG, payload: Buffer.alloc(0) },
    { opcode: TEXT, payload: Buffer.from("end") },
  ]);
});

test("of a flood of pings the last one is answered, and few of the others", async () => {
  const { port } = await serveSite();
  const client = await openRaw(port);
  const flood = Array.from({ length: 5_000 }, (_, index) => frame(PING, `n${index}`)).join("");
  client.send(`${flood}${frame(PING, "last")}`);
  await client.until(/last$/);
  const pongs = framesIn(client.received);
  expect(pongs.at(-1)).toEqual({ opcode: PONG, payload: Buffer.from("last") });
  expect(pongs.length).toBeLessThan(1_000);
});

test("pings from the server reach the client", async () => {
  const { url } = await serveSite(async (socket) => {
    socket.ping();
    await echo(socket);
  });
  const { pings } = await openClient(url);
  await expect.poll(() => pings).toEqual([Buffer.alloc(0)]);
});

test("many small answers to many small messages go out together", async () => {
  const { port } = await serveSite();
  const client = await openRaw(port);
  let reads = 0;
  client.socket.on("data", () => reads++);
  client.send(frame(TEXT, "x").repeat(2_000));
  await expect.poll(() => framesIn(client.received).length).toBe(2_000);
  expect(reads).toBeLessThan(200);
  client.send(closeFrame(1000));
});
