import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Random, randomFrom, randomMessage } from "./random-messages.ts";
import {
  BINARY,
  type Callback,
  type Client,
  CONTINUATION,
  echo,
  frame,
  openClient,
  PING,
  serveSite,
  TEXT,
} from "./sockets.ts";

const CONNECTIONS = 4;
const MESSAGES = 72;

const readers: [string, Callback][] = [
  ["a loop", echo],
  [
    "a loop that does not wait for what it sends",
    async (socket) => {
      for await (const message of socket) {
        socket.send(message);
      }
    },
  ],
  ["a callback", (socket) => socket.eachMessage((message) => socket.send(message))],
  [
    "a callback that returns nothing",
    (socket) =>
      socket.eachMessage((message) => {
        socket.send(message);
      }),
  ],
  [
    "a callback that is late at times",
    (socket) =>
      socket.eachMessage(async (message) => {
        if (message.length % 7 === 0) {
          await new Promise(setImmediate);
        }
        await socket.send(message);
      }),
  ],
  [
    "a callback after a loop that was left",
    async (socket) => {
      for await (const message of socket) {
        await socket.send(message);
        break;
      }
      await socket.eachMessage((message) => socket.send(message));
    },
  ],
];

/** A message as a client may send it: whole or in fragments, which may have pings in between and nothing in them. */
function framesOf(message: string | Buffer, random: Random): Buffer {
  const bytes = Buffer.from(message);
  const ends = [bytes.length];
  for (let count = random(3) === 0 ? random(4) : 0; count > 0; count--) {
    ends.unshift(random((ends[0] as number) + 1));
  }
  const frames = ends.map((end, index) => {
    const opcode = index > 0 ? CONTINUATION : typeof message === "string" ? TEXT : BINARY;
    const part = frame(opcode, bytes.subarray(ends[index - 1] ?? 0, end), index === ends.length - 1);
    return random(8) === 0 ? frame(PING, "between") + part : part;
  });
  return Buffer.from(frames.join(""), "latin1");
}

/** Writes bytes in one piece, in some, or a few at a time. */
async function writeInPieces(client: Client, bytes: Buffer, random: Random): Promise<void> {
  const { _socket: socket } = client.socket as unknown as { readonly _socket: Socket };
  const longest = [bytes.length, 50_000, 60][random(3)] as number;
  let at = 0;
  for (let count = 0; count < 20 && at < bytes.length; count++) {
    const end = at + 1 + random(longest);
    socket.write(bytes.subarray(at, end));
    at = end;
    await new Promise(setImmediate);
  }
  socket.write(bytes.subarray(at));
}

/** Sends `messages` one by one or many at once, at times without reading, and gives what comes back. */
async function echoesOf(
  messages: readonly (string | Buffer)[],
  client: Client,
  random: Random,
): Promise<Client["messages"]> {
  const { socket } = client;
  for (let at = 0; at < messages.length; ) {
    const part = messages.slice(at, at + (random(2) === 0 ? 1 : 64));
    const isSlow = random(3) === 0;
    if (isSlow) {
      socket.pause();
    }
    if (random(2) === 0) {
      await writeInPieces(client, Buffer.concat(part.map((message) => framesOf(message, random))), random);
    } else {
      for (const message of part) {
        socket.send(message, { compress: random(2) === 0 });
      }
    }
    if (isSlow) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      socket.resume();
    }
    at += part.length;
    while (client.messages.length < at && socket.readyState === WebSocket.OPEN) {
      await Promise.race([once(socket, "message"), client.closed]);
    }
  }
  return client.messages;
}

/** Where the first one is that came back as another, too early or too late, or not at all. */
function firstWrong(sent: readonly (string | Buffer)[], received: readonly (string | Buffer)[]): number {
  const at = sent.findIndex((message, index) => {
    const other = received[index];
    return typeof message === "string" || !Buffer.isBuffer(other)
      ? message !== other
      : !message.equals(other);
  });
  return at === -1 && received.length > sent.length ? sent.length : at;
}

describe.each([
  ["as they are", false],
  ["compressed", { threshold: 100, level: 1 }],
] as const)("messages %s come back as they were sent, in their order, from", (_, compression) => {
  test.each(readers)("%s", async (_name, callback) => {
    const { url, reports } = await serveSite(callback, { compression });
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async (_each, index) => {
        const random = randomFrom(index + 1);
        const client = await openClient(url, [], { perMessageDeflate: compression !== false });
        const sent = Array.from({ length: MESSAGES }, () => randomMessage(random));
        expect(firstWrong(sent, await echoesOf(sent, client, random))).toBe(-1);
      }),
    );
    expect(reports).toEqual([]);
  });
});
