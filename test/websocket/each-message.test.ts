import { Socket } from "node:net";
import type { WebSocketClose, WebSocketConnection } from "argania/websocket";
import { WebSocket as UndiciWebSocket } from "undici";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  BINARY,
  type Callback,
  CONTINUATION,
  frame,
  framesIn,
  openClient,
  openRaw,
  PING,
  PONG,
  serveSite,
  TEXT,
} from "./sockets.ts";

const echoes: [string, Callback][] = [
  ["that returns send", (socket) => socket.eachMessage((message) => socket.send(message))],
  [
    "that returns nothing",
    (socket) =>
      socket.eachMessage((message) => {
        socket.send(message);
      }),
  ],
  [
    "that is async",
    async (socket) => {
      await socket.eachMessage(async (message) => {
        await null;
        await socket.send(message);
      });
    },
  ],
];

describe.each(echoes)("a callback %s", (_, echo) => {
  test.each([
    ["a short text", "hello"],
    ["an empty text", ""],
    ["text beyond Latin", "Grüße, 世界 🌍"],
    ["text of ASCII in the midst of which a character is not", `${"x".repeat(200)}é${"y".repeat(200)}`],
    ["a text of 70,000 bytes", "x".repeat(70_000)],
    ["bytes", Buffer.from([0, 1, 255])],
    ["no bytes", Buffer.alloc(0)],
    ["100,000 bytes", Buffer.alloc(100_000, 7)],
  ])("gets messages as they were: %s", async (_name, message) => {
    const { url } = await serveSite(echo);
    const { socket, messages } = await openClient(url);
    socket.send(message);
    await expect.poll(() => messages).toEqual([message]);
  });

  test("gets them in order, however many, and the client's close is answered behind them", async () => {
    const { url, reports } = await serveSite(echo);
    const { socket, messages, closed } = await openClient(url);
    const sent = Array.from({ length: 3_000 }, (_unused, index) => `message ${index}`);
    for (const message of sent) {
      socket.send(message);
    }
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBe(sent.length);
    expect(messages).toEqual(sent);
    socket.close(4000, "enough");
    expect(await closed).toEqual({ code: 4000, reason: "enough" });
    expect(reports).toEqual([]);
  });

  test("gets those in the same bytes as the handshake", async () => {
    const { port } = await serveSite(echo);
    const client = await openRaw(port, {}, frame(TEXT, "one") + frame(BINARY, "two"));
    await client.until(/two$/);
    expect(framesIn(client.received).map(({ payload }) => payload.toString())).toEqual(["one", "two"]);
  });

  test("serves undici's WebSocket, compressed", async () => {
    const { url } = await serveSite(echo, { compression: true });
    const socket = new UndiciWebSocket(url);
    const got: unknown[] = [];
    const closed = new Promise<unknown>((resolve) => {
      socket.onclose = ({ code, wasClean }) => resolve([code, wasClean]);
    });
    socket.onmessage = ({ data }) => {
      got.push(data);
      if (got.length === 2) {
        socket.close(3000);
      }
    };
    socket.onopen = () => {
      socket.send("Grüße");
      socket.send("long ".repeat(1_000));
    };
    expect(await closed).toEqual([3000, true]);
    expect(got).toEqual(["Grüße", "long ".repeat(1_000)]);
  });

  test("does not see control frames, which come between fragments", async () => {
    const { port } = await serveSite(echo);
    const client = await openRaw(port);
    client.send(frame(TEXT, "a", false) + frame(PING, "now") + frame(CONTINUATION, "b"));
    await client.until(/ab$/);
    expect(framesIn(client.received)).toEqual([
      { opcode: PONG, payload: Buffer.from("now") },
      { opcode: TEXT, payload: Buffer.from("ab") },
    ]);
  });

  test("answers many small messages in few writes", async () => {
    const { port } = await serveSite(echo);
    const client = await openRaw(port);
    let writes = 0;
    const count = (method: "_write" | "_writev") => {
      const write = Socket.prototype[method] as (...values: unknown[]) => void;
      return vi.spyOn(Socket.prototype, method).mockImplementation(function (
        this: Socket,
        ...values: unknown[]
      ) {
        writes += this.localPort === port ? 1 : 0;
        write.apply(this, values);
      });
    };
    const spies = [count("_write"), count("_writev")];
    onTestFinished(() => {
      for (const spy of spies) {
        spy.mockRestore();
      }
    });
    client.send(frame(TEXT, "x").repeat(2_000));
    await expect.poll(() => framesIn(client.received).length).toBe(2_000);
    expect(writes).toBeGreaterThan(0);
    expect(writes).toBeLessThan(200);
  });
});

describe("eachMessage", () => {
  test("hands over text as strings, bytes as plain Uint8Arrays, and each before the next frame is parsed", async () => {
    const seen: unknown[] = [];
    const { port } = await serveSite((socket) =>
      socket.eachMessage((message) => {
        seen.push(typeof message === "string" ? message : [message.constructor.name, [...message]]);
        Promise.resolve().then(() => seen.push("later"));
      }),
    );
    const client = await openRaw(port);
    client.send(frame(TEXT, "text") + frame(BINARY, Buffer.from([1, 2])));
    await expect.poll(() => seen).toEqual(["text", ["Uint8Array", [1, 2]], "later", "later"]);
  });

  test("never has two callbacks at once, and keeps the order", async () => {
    const events: string[] = [];
    const { url } = await serveSite((socket) =>
      socket.eachMessage(async (message) => {
        events.push(`begin ${message}`);
        await new Promise((resolve) => setTimeout(resolve, message === "a" ? 20 : 1));
        events.push(`end ${message}`);
      }),
    );
    const { socket } = await openClient(url);
    for (const message of ["a", "b", "c"]) {
      socket.send(message);
    }
    await expect.poll(() => events.length).toBe(6);
    expect(events).toEqual(["begin a", "end a", "begin b", "end b", "begin c", "end c"]);
  });

  test("has what came before the client closed, however slow it is, and is fulfilled then", async () => {
    const seen: unknown[] = [];
    const { url } = await serveSite(async (socket) => {
      const result: unknown = await socket.eachMessage(async (message) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push(message);
      });
      seen.push(result, await socket.closed);
    });
    const { socket } = await openClient(url);
    for (const message of ["a", "b", "c"]) {
      socket.send(message);
    }
    socket.close(4321, "done");
    const close: WebSocketClose = { code: 4321, reason: "done", wasClean: true };
    await expect.poll(() => seen).toEqual(["a", "b", "c", undefined, close]);
  });

  test("ends at once, and drops what waits, when the socket is closed from this side", async () => {
    const seen: unknown[] = [];
    const { port, reports } = await serveSite(async (socket) => {
      await socket.eachMessage((message) => {
        seen.push(message);
        if (message === "b") {
          socket.close(4000, "enough");
        }
      });
      seen.push("over");
    });
    const client = await openRaw(port);
    client.send(["a", "b", "c", "d"].map((text) => frame(TEXT, text)).join(""));
    await expect.poll(() => seen).toEqual(["a", "b", "over"]);
    expect(framesIn(client.received).at(-1)?.payload.toString("latin1")).toContain("enough");
    expect(reports).toEqual([]);
  });

  test("is fulfilled at once on a WebSocket that has ended", async () => {
    const ends: unknown[] = [];
    const { url } = await serveSite(async (socket) => {
      await socket.closed;
      ends.push(await socket.eachMessage(() => ends.push("called")));
    });
    const { socket } = await openClient(url);
    socket.terminate();
    await expect.poll(() => ends).toEqual([undefined]);
  });

  test("gets what came before it was called, but not before it has returned", async () => {
    const seen: unknown[] = [];
    let connection: WebSocketConnection | undefined;
    const { url } = await serveSite(async (socket) => {
      connection = socket;
      await new Promise((resolve) => setTimeout(resolve, 30));
      const reading = socket.eachMessage((message) => seen.push(message));
      seen.push("called");
      await reading;
    });
    const { socket } = await openClient(url);
    socket.send("early");
    await expect.poll(() => seen).toEqual(["called", "early"]);
    expect(connection?.isOpen).toBe(true);
  });
});
