import type { WebSocketClose, WebSocketConnection } from "argania/websocket";
import { describe, expect, test } from "vitest";
import {
  type Callback,
  CLOSE,
  closeCodeIn,
  closeFrame,
  frame,
  framesIn,
  openClient,
  openRaw,
  serveSite,
  TEXT,
} from "./sockets.ts";

describe("the end of the callback", () => {
  test("is a failure when it comes of another WebSocket's end, and is logged", async () => {
    let other: WebSocketConnection | undefined;
    const { url, reports } = await serveSite(async (socket) => {
      if (other === undefined) {
        other = socket;
        await socket.closed;
        return;
      }
      for await (const message of socket) {
        await other.send(message);
      }
    });
    const first = await openClient(url);
    const second = await openClient(url);
    first.socket.terminate();
    await other?.closed;
    second.socket.send("is anybody there?");
    expect(await second.closed).toEqual({ code: 1011, reason: "" });
    expect(reports).toMatchObject([{ err: { code: "ARGANIA_WEBSOCKET_CLOSED" } }]);
  });

  test.each<[string, Callback]>([
    ["a promise that is fulfilled", async () => {}],
    ["a function that returns", () => "whatever"],
    [
      "a loop that is left",
      async (socket) => {
        for await (const _ of socket) {
          break;
        }
      },
    ],
  ])("closes with 1000: %s", async (_, callback) => {
    const { url, reports } = await serveSite(callback);
    const { socket, closed } = await openClient(url);
    socket.send("x");
    expect(await closed).toEqual({ code: 1000, reason: "" });
    expect(reports).toEqual([]);
  });

  test.each<[string, Callback]>([
    [
      "a promise that is rejected",
      async () => {
        throw new Error("secret reason");
      },
    ],
    [
      "a function that throws",
      () => {
        throw new Error("secret reason");
      },
    ],
    [
      "an error inside of the loop",
      async (socket) => {
        for await (const _ of socket) {
          throw new Error("secret reason");
        }
      },
    ],
  ])("closes with 1011 when it failed, and is logged: %s", async (_, callback) => {
    const { port, reports } = await serveSite(callback);
    const client = await openRaw(port, {}, frame(TEXT, "x"));
    client.send(frame(TEXT, "x"));
    await expect.poll(() => closeCodeIn(client.received)).toBe(1011);
    expect(client.received).not.toContain("secret");
    expect(reports).toMatchObject([
      {
        err: new Error("secret reason"),
        method: "GET",
        path: "/ws",
        message: "An upgraded connection failed",
      },
    ]);
  });

  test("of a client that has gone is logged only when something else fails", async () => {
    const outcomes: Callback[] = [
      async (socket) => {
        await socket.closed;
        socket.signal.throwIfAborted();
      },
      async (socket) => {
        await socket.closed;
        throw new Error("the clean-up failed");
      },
    ];
    let turn = 0;
    const { url, reports } = await serveSite((socket) => outcomes[turn++]?.(socket));
    for (const _ of outcomes) {
      const { socket, closed } = await openClient(url);
      socket.terminate();
      await closed;
    }
    await expect.poll(() => reports).toMatchObject([{ err: new Error("the clean-up failed") }]);
  });
});

describe("close()", () => {
  const closeWith = (code?: number, reason?: string) =>
    serveSite(async (socket) => {
      await socket.close(code, reason);
    });

  test.each([
    [undefined, undefined, 1000, ""],
    [1001, "moving", 1001, "moving"],
    [1008, "", 1008, ""],
    [1014, "", 1014, ""],
    [3000, "ä".repeat(61), 3000, "ä".repeat(61)],
    [4999, "mine", 4999, "mine"],
  ])("sends %s %s", async (code, reason, expectedCode, expectedReason) => {
    const { url } = await closeWith(code, reason);
    const { closed } = await openClient(url);
    expect(await closed).toEqual({ code: expectedCode, reason: expectedReason });
  });

  test.each([
    0,
    999,
    1004,
    1005,
    1006,
    1015,
    1016,
    2999,
    5000,
    1000.5,
    Number.NaN,
    "1000" as unknown as number,
  ])("refuses %s, which must not be sent", async (code) => {
    const { url, reports } = await closeWith(code);
    const { closed } = await openClient(url);
    expect((await closed).code).toBe(1011);
    expect(reports[0]?.err).toBeInstanceOf(RangeError);
  });

  test("refuses a reason of more than 123 bytes", async () => {
    const { url, reports } = await closeWith(1000, "ä".repeat(62));
    expect((await (await openClient(url)).closed).code).toBe(1011);
    expect(String(reports[0]?.err)).toMatch(/123 bytes/);
  });

  test("ends the loop, drops what waits, and may be called again", async () => {
    const seen: unknown[] = [];
    let close: WebSocketClose | undefined;
    const { url } = await serveSite(async (socket) => {
      for await (const message of socket) {
        seen.push(message);
        socket.close(4000, "first");
        socket.close(4001, "second");
      }
      close = await socket.close(4002);
    });
    const { socket, closed } = await openClient(url);
    socket.send("a");
    socket.send("b");
    socket.send("c");
    expect(await closed).toEqual({ code: 4000, reason: "first" });
    await expect.poll(() => close).toEqual({ code: 4000, reason: "first", wasClean: true });
    expect(seen).toEqual(["a"]);
  });

  test("does not wait for a client that never answers", async () => {
    let close: WebSocketClose | undefined;
    const { port } = await serveSite(
      async (socket) => {
        close = await socket.close(4000, "go");
      },
      { closeTimeout: 50 },
    );
    const client = await openRaw(port);
    await client.ended;
    await expect.poll(() => close).toEqual({ code: 4000, reason: "go", wasClean: false });
  });

  test("at the same time as the client's is no error", async () => {
    let connection: WebSocketConnection | undefined;
    const { port, reports } = await serveSite(
      async (socket) => {
        connection = socket;
        await socket.closed;
      },
      { closeTimeout: 50 },
    );
    const client = await openRaw(port);
    client.send(closeFrame(4100));
    connection?.close(4200);
    await client.ended;
    expect(framesIn(client.received).filter(({ opcode }) => opcode === CLOSE)).toHaveLength(1);
    expect((await connection?.closed)?.wasClean).toBe(true);
    expect(reports).toEqual([]);
  });
});
