import { WebSocketClosedError, type WebSocketConnection } from "argania/websocket";
import { describe, expect, test } from "vitest";
import { frame, framesIn, openClient, openRaw, serveSite } from "./sockets.ts";

describe("sending", () => {
  test("takes ArrayBuffers and views, and nothing that is no message", async () => {
    const problems: unknown[] = [];
    const { url } = await serveSite(async (socket) => {
      await socket.send(Uint16Array.of(0x4241).buffer);
      await socket.send(new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2));
      for (const value of [{ a: 1 }, 5, null, undefined]) {
        try {
          await socket.send(value as unknown as string);
        } catch (error) {
          problems.push(error);
        }
      }
    });
    const { messages, closed } = await openClient(url);
    await closed;
    expect(messages).toEqual([Buffer.from("AB"), Buffer.from([2, 3])]);
    expect(problems).toHaveLength(4);
    for (const problem of problems) {
      expect(problem).toBeInstanceOf(TypeError);
      expect(String(problem)).toMatch(/JSON\.stringify/);
    }
  });

  test.each([10, 1_000, 20_000, 200_000])(
    "what was sent may be changed afterwards (%i bytes)",
    async (length) => {
      const { url } = await serveSite(async (socket) => {
        const bytes = new Uint8Array(length);
        for (let round = 1; round <= 20; round++) {
          bytes.fill(round);
          await socket.send(bytes);
        }
        bytes.fill(99);
      });
      const { messages, closed } = await openClient(url);
      await closed;
      const expected = Array.from({ length: 20 }, (_, index) => Buffer.alloc(length, index + 1));
      expect(messages.map((message) => (message as Buffer).equals(expected.shift() as Buffer))).toEqual(
        Array.from({ length: 20 }, () => true),
      );
    },
  );

  test("so may long ones to a client that is slow to take them", async () => {
    const { port } = await serveSite(async (socket) => {
      const bytes = new Uint8Array(1_000_000);
      for (let round = 1; round <= 20; round++) {
        bytes.fill(round);
        await socket.send(bytes);
      }
      bytes.fill(99);
    });
    const client = await openRaw(port);
    client.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.resume();
    await expect.poll(() => framesIn(client.received).length, { timeout: 10_000 }).toBe(21);
    const rounds = framesIn(client.received).slice(0, 20);
    expect(rounds.map(({ payload }, index) => payload.every((byte) => byte === index + 1))).toEqual(
      rounds.map(() => true),
    );
  });

  test("after the end is refused, and without an await nobody hears of it", async () => {
    let end: (outcome: unknown) => void = () => {};
    const outcome = new Promise((resolve) => {
      end = resolve;
    });
    const { url, reports } = await serveSite(async (socket) => {
      await socket.closed;
      socket.send("nobody waits for this");
      end(await socket.send("but for this").catch((error: unknown) => error));
      await socket.send("and this ends the callback");
    });
    const { socket } = await openClient(url);
    socket.close();
    const error = await outcome;
    expect(error).toBeInstanceOf(WebSocketClosedError);
    expect((error as WebSocketClosedError).code).toBe("ARGANIA_WEBSOCKET_CLOSED");
    // A rejection that nobody handles fails the test run; a client that has gone is no failure of the callback's.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reports).toEqual([]);
  });

  test("is refused as soon as the client has begun to close", async () => {
    let connection: WebSocketConnection | undefined;
    const { port } = await serveSite(async (socket) => {
      connection = socket;
      await socket.closed;
    });
    const client = await openRaw(port);
    expect(connection?.isOpen).toBe(true);
    client.send(frame(8));
    await expect.poll(() => connection?.isOpen).toBe(false);
    await expect(connection?.send("late")).rejects.toThrow(WebSocketClosedError);
  });
});
