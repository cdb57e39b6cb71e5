import { type WebSocketConnection, WebSocketReadingError } from "argania/websocket";
import { describe, expect, test } from "vitest";
import { type Callback, closeCodeIn, frame, openClient, openRaw, serveSite, TEXT } from "./sockets.ts";

const ignore = () => {};

describe("a callback that fails", () => {
  const failures: [string, Callback][] = [
    [
      "by throwing",
      (socket) =>
        socket.eachMessage(() => {
          throw new Error("secret reason");
        }),
    ],
    [
      "by rejecting",
      async (socket) => {
        await socket.eachMessage(async () => {
          await null;
          throw new Error("secret reason");
        });
      },
    ],
    [
      "though nobody waits for eachMessage",
      async (socket) => {
        socket.eachMessage(() => {
          throw new Error("secret reason");
        });
        await socket.closed;
      },
    ],
    [
      "with a thenable",
      (socket) =>
        socket.eachMessage(() => ({
          // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
          then: (_: unknown, reject: (error: Error) => void) => reject(new Error("secret reason")),
        })),
    ],
  ];

  test.each(failures)(
    "closes with 1011, is logged once, and gets no more messages: %s",
    async (_, callback) => {
      let calls = 0;
      const { port, reports } = await serveSite((socket) => {
        const eachMessage = socket.eachMessage.bind(socket);
        socket.eachMessage = (take) =>
          eachMessage((message) => {
            calls++;
            return take(message);
          });
        return callback(socket);
      });
      const client = await openRaw(port);
      client.send(frame(TEXT, "x").repeat(5));
      await expect.poll(() => closeCodeIn(client.received)).toBe(1011);
      client.close();
      await client.ended;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(calls).toBe(1);
      expect(client.received).not.toContain("secret");
      expect(reports).toMatchObject([
        { err: new Error("secret reason"), path: "/ws", message: "An upgraded connection failed" },
      ]);
    },
  );

  test("rejects what eachMessage returned; a further failure is logged as well", async () => {
    const problem = new Error("the message");
    const caught: unknown[] = [];
    const { url, reports } = await serveSite(async (socket) => {
      await socket
        .eachMessage(() => {
          throw problem;
        })
        .catch((error: unknown) => caught.push(error));
      throw new Error("the clean-up");
    });
    const { socket, closed } = await openClient(url);
    socket.send("x");
    expect((await closed).code).toBe(1011);
    await expect.poll(() => reports).toMatchObject([{ err: problem }, { err: new Error("the clean-up") }]);
    expect(caught).toEqual([problem]);
  });

  test("because its own client has gone has not failed", async () => {
    let called = false;
    const { url, reports } = await serveSite((socket) =>
      socket.eachMessage(async (message) => {
        called = true;
        await socket.closed;
        await socket.send(message);
      }),
    );
    const { socket, closed } = await openClient(url);
    socket.send("x");
    await expect.poll(() => called).toBe(true);
    socket.terminate();
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(reports).toEqual([]);
  });
});

describe("two readers of one WebSocket", () => {
  const outcome = async (callback: Callback): Promise<unknown> => {
    const { url, reports } = await serveSite(callback);
    const { socket, closed } = await openClient(url);
    socket.send("a");
    socket.send("b");
    expect((await closed).code).toBe(1011);
    expect(reports).toHaveLength(1);
    const error = reports[0]?.err as WebSocketReadingError;
    expect(error).toBeInstanceOf(WebSocketReadingError);
    expect(error.code).toBe("ARGANIA_WEBSOCKET_READING");
    return error.message;
  };

  const loop = async (socket: WebSocketConnection): Promise<void> => {
    for await (const _ of socket) {
      // Only read.
    }
  };

  test("a loop beside eachMessage is refused", async () => {
    expect(
      await outcome(async (socket) => {
        socket.eachMessage(ignore);
        await loop(socket);
      }),
    ).toMatch(/eachMessage has the messages .* for await cannot/);
  });

  test("eachMessage beside a loop that waits is refused", async () => {
    expect(
      await outcome(async (socket) => {
        loop(socket);
        await socket.eachMessage(ignore);
      }),
    ).toMatch(/loop waits .* eachMessage cannot/);
  });

  test("eachMessage in the body of a loop is found out when the loop goes on", async () => {
    expect(
      await outcome(async (socket) => {
        for await (const _ of socket) {
          socket.eachMessage(ignore);
        }
      }),
    ).toMatch(/eachMessage has the messages/);
  });

  test("so is a second eachMessage", async () => {
    expect(
      await outcome(async (socket) => {
        socket.eachMessage(ignore);
        await socket.eachMessage(ignore);
      }),
    ).toMatch(/already/);
  });

  test("one after the other is no mistake: eachMessage goes on where the loop was left", async () => {
    const seen: unknown[] = [];
    const { url, reports } = await serveSite(async (socket) => {
      for await (const password of socket) {
        seen.push(`password ${password}`);
        break;
      }
      await socket.eachMessage((message) => seen.push(message));
      for await (const _ of socket) {
        seen.push("nothing is left");
      }
      seen.push("over");
    });
    const { socket } = await openClient(url);
    for (const message of ["a", "b", "c"]) {
      socket.send(message);
    }
    socket.close();
    await expect.poll(() => seen).toEqual(["password a", "b", "c", "over"]);
    expect(reports).toEqual([]);
  });
});

describe("an upgrade's callback that ends while eachMessage reads", () => {
  test.each<[string, Callback]>([
    [
      "without returning it",
      (socket) => {
        socket.eachMessage(ignore);
      },
    ],
    [
      "without awaiting it",
      async (socket) => {
        await null;
        socket.eachMessage(ignore);
      },
    ],
  ])("is told to wait for it: %s", async (_, callback) => {
    const { url, reports } = await serveSite(callback);
    const { closed } = await openClient(url);
    expect((await closed).code).toBe(1011);
    expect(reports).toMatchObject([{ err: { code: "ARGANIA_WEBSOCKET_READING" } }]);
    expect(String(reports[0]?.err)).toContain("return socket.eachMessage(…)");
  });

  test("after it has closed the WebSocket is as good as any", async () => {
    const { url, reports } = await serveSite(async (socket) => {
      socket.eachMessage(ignore);
      await null;
      socket.close(4000);
    });
    const { closed } = await openClient(url);
    expect((await closed).code).toBe(4000);
    expect(reports).toEqual([]);
  });
});

test("eachMessage takes a function", async () => {
  const { url, reports } = await serveSite((socket) => socket.eachMessage({ message: ignore } as never));
  expect((await (await openClient(url)).closed).code).toBe(1011);
  expect(reports[0]?.err).toBeInstanceOf(TypeError);
  expect(String(reports[0]?.err)).toContain("socket.eachMessage((message) => { … })");
});
