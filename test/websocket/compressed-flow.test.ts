import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { MessageQueue } from "../../src/data/websocket/message-queue.ts";
import { BINARY, closeCodeIn, frame, openRaw, serveSite } from "./sockets.ts";

const EXTENSION = { "Sec-WebSocket-Extensions": "permessage-deflate" };

/** A compressed message of `length` zeros. */
function compressed(length: number): string {
  const bytes = deflateRawSync(Buffer.alloc(length), { finishFlush: 2 }).subarray(0, -4);
  const plain = frame(BINARY, bytes);
  return String.fromCharCode(plain.charCodeAt(0) | 0x40) + plain.slice(1);
}

/** Takes nothing before it is told to; then counts the bytes that come. */
async function serveHeld(options: { readonly maxMessageBytes?: number } = {}) {
  let take: () => void = () => {};
  const wanted = new Promise<void>((resolve) => {
    take = resolve;
  });
  const taken: number[] = [];
  const { port } = await serveSite(
    async (socket) => {
      await wanted;
      for await (const message of socket) {
        taken.push(message.length);
      }
    },
    { compression: true, ...options },
  );
  return { port, taken, take };
}

test.each([
  [1_048_576, {}],
  [20_000, { maxMessageBytes: 20_000 }],
])("what one read inflates to is bounded: messages of %i bytes, %j", async (length, options) => {
  const { port, taken, take } = await serveHeld(options);
  const client = await openRaw(port, EXTENSION);
  client.send(compressed(length).repeat(400));
  await expect.poll(() => closeCodeIn(client.received), { timeout: 10_000 }).toBe(1008);
  take();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(taken).toEqual([]);
});

test("what is within the bound waits for a slow application", async () => {
  const { port, taken, take } = await serveHeld();
  const client = await openRaw(port, EXTENSION);
  client.send(compressed(30_000).repeat(60));
  // Inflated after those in front of it.
  await new Promise((resolve) => setTimeout(resolve, 100));
  take();
  await expect.poll(() => taken).toEqual(Array.from({ length: 60 }, () => 30_000));
  expect(closeCodeIn(client.received)).toBeUndefined();
});

test("what has been taken does not count", async () => {
  const queue = new MessageQueue<string>({ pause: () => {}, resume: () => {} });
  for (const message of ["one", "three", "seven"]) {
    queue.push(message);
  }
  await queue.next();
  expect(queue.push("eleven")).toBe("threeseveneleven".length);
  for (let count = 0; count < 4; count++) {
    queue.next();
  }
  expect(queue.push("handed over")).toBe(0);
});
