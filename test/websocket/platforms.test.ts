import type { WebSocketClose, WebSocketConnection } from "argania/websocket";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fakes, HEADERS, type Platform, platforms, requestTo, serviceWith } from "./fake-platforms.ts";

afterEach(() => {
  fakes.growth = 0;
  fakes.isImmutable = false;
  vi.unstubAllGlobals();
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe.each(Object.entries(platforms))("on %s", (name, platform) => {
  test("messages come and go, and the end is told", async () => {
    let close: WebSocketClose | undefined;
    const { service, reports } = serviceWith(async (socket) => {
      expect(socket.protocol).toBe("b");
      for await (const message of socket) {
        await socket.send(message);
      }
      close = await socket.closed;
    });
    const { socket } = await platform.open(service);
    platform.message(socket, "text");
    platform.message(socket, Uint8Array.of(1, 2));
    await settled();
    expect(socket.sent).toEqual(["text", Uint8Array.of(1, 2)]);
    platform.close(socket, 4000, "over");
    await settled();
    expect(close).toEqual({ code: 4000, reason: "over", wasClean: true });
    expect(reports).toEqual([]);
  });

  test("protocols may be offered without spaces", async () => {
    const { service, reports } = serviceWith(({ protocol }) => expect(protocol).toBe("b"));
    await platform.open(service, { headers: { ...HEADERS, "sec-websocket-protocol": "a,b" } });
    await settled();
    expect(reports).toEqual([]);
  });

  test("callbacks end the WebSocket, well or not", async () => {
    const good = await platform.open(serviceWith(() => {}).service);
    await settled();
    expect(good.socket.closes).toEqual([[1000, ""]]);
    const { service, reports } = serviceWith(async () => {
      throw new Error("failed");
    });
    const bad = await platform.open(service);
    await settled();
    expect(bad.socket.closes).toEqual([[1011, ""]]);
    expect(reports).toMatchObject([{ err: new Error("failed"), path: "/ws" }]);
  });

  test("a message that is too long closes with 1009, and so many that nobody takes with 1008", async () => {
    const hold = () => new Promise<void>(() => {});
    const long = await platform.open(serviceWith(hold, { protocols: ["b"], maxMessageBytes: 5 }).service);
    platform.message(long.socket, "12345");
    platform.message(long.socket, "ääá");
    expect(long.socket.closes).toEqual([[1009, ""]]);
    const many = await platform.open(
      serviceWith(hold, { protocols: ["b"], maxBufferedBytes: 1_000 }).service,
    );
    // Empty ones take memory, too.
    for (let index = 0; index < 256 + 7; index++) {
      platform.message(many.socket, "");
    }
    expect(many.socket.closes).toEqual([]);
    platform.message(many.socket, "");
    platform.message(many.socket, "not heard any more");
    expect(many.socket.closes).toEqual([[1008, "too many messages wait"]]);
  });

  test("pages of other origins are refused", async () => {
    const headers = { ...HEADERS, origin: "https://evil.example" };
    const { response } = await platform.open(serviceWith(() => {}).service, { headers });
    expect((response as Response).status).toBe(403);
  });

  test("whoever sends waits for a slow client, and learns that it has gone", async () => {
    fakes.growth = 40_000;
    let sent = 0;
    let end: unknown;
    const { service } = serviceWith(async (socket) => {
      while (end === undefined) {
        await socket.send("x").then(
          () => sent++,
          (error) => {
            end = error.code;
          },
        );
      }
    });
    const { socket } = await platform.open(service);
    await settled();
    expect([sent, socket.sent.length]).toEqual([1, 2]);
    socket.bufferedAmount = 0;
    await expect.poll(() => sent).toBe(3);
    platform.close(socket, 1006, "");
    await expect.poll(() => end).toBe("ARGANIA_WEBSOCKET_CLOSED");
  });

  test("a client that is too slow for somebody who does not wait is cut off", async () => {
    fakes.growth = 40_000;
    const { service, reports } = serviceWith(
      async (socket) => {
        while (socket.isOpen) {
          socket.send("x");
        }
        await socket.closed;
      },
      { protocols: ["b"], maxBufferedBytes: 100_000 },
    );
    const { socket } = await platform.open(service);
    expect(socket.sent).toHaveLength(3);
    expect(socket.closes).toEqual([name === "Bun" ? "terminated" : [1008, ""]]);
    await settled();
    expect(reports).toEqual([]);
  });

  test("a callback gets the messages, and the next one when a slow client has taken its answer", async () => {
    const { service, reports } = serviceWith((socket) =>
      socket.eachMessage((message) => {
        socket.send(message);
      }),
    );
    const { socket } = await platform.open(service);
    await settled();
    platform.message(socket, "at once");
    expect(socket.sent).toEqual(["at once"]);
    socket.bufferedAmount = 100_000;
    platform.message(socket, Uint8Array.of(1, 2));
    platform.message(socket, "later");
    await settled();
    expect(socket.sent).toEqual(["at once", Uint8Array.of(1, 2)]);
    socket.bufferedAmount = 0;
    await expect.poll(() => socket.sent.at(-1)).toBe("later");
    platform.close(socket, 4000, "over");
    await settled();
    expect(socket.closes).toEqual([]);
    expect(reports).toEqual([]);
  });

  test("a callback that fails closes with 1011", async () => {
    const { service, reports } = serviceWith((socket) =>
      socket.eachMessage(() => {
        throw new Error("failed");
      }),
    );
    const { socket } = await platform.open(service);
    await settled();
    platform.message(socket, "x");
    expect(socket.closes).toEqual([[1011, ""]]);
    await settled();
    expect(reports).toMatchObject([{ err: new Error("failed"), path: "/ws" }]);
  });

  test("a client that breaks off is told from one that closes", async () => {
    let close: WebSocketClose | undefined;
    const { service } = serviceWith(async (socket) => {
      socket.ping();
      close = await socket.closed;
    });
    const { socket } = await platform.open(service);
    platform.close(socket, name === "Deno" ? 0 : 1006, "");
    await settled();
    expect(close).toEqual({ code: 1006, reason: "", wasClean: false });
  });
});

test("Deno's response is the very one that it made, with the headers of the layers", async () => {
  const { response } = await (platforms.Deno as Platform).open(serviceWith(() => {}).service);
  expect(Object.fromEntries((response as Response).headers)).toEqual({
    "set-cookie": "x=1",
    "x-protocol": "b",
  });
});

test("Deno's response is returned even if it takes no headers", async () => {
  fakes.isImmutable = true;
  const { socket, response } = await (platforms.Deno as Platform).open(serviceWith(() => {}).service);
  expect((response as Response).headers.has("set-cookie")).toBe(false);
  await settled();
  expect(socket.closes).toEqual([[1000, ""]]);
});

test("a Worker's response has the client's end", async () => {
  const { socket, response } = await (platforms.Workers as Platform).open(serviceWith(() => {}).service);
  expect(socket.isAccepted).toBe(true);
  expect(response).toEqual({
    status: 101,
    headers: [
      ["sec-websocket-protocol", "b"],
      ["set-cookie", "x=1"],
    ],
    webSocket: "the client's end",
  });
});

test("where the codes of the protocol are not for applications, they get one of their own", async () => {
  let open: (socket: WebSocketConnection) => void = () => {};
  const opened = new Promise<WebSocketConnection>((resolve) => {
    open = resolve;
  });
  const { service } = serviceWith(async (connection) => {
    open(connection);
    await connection.closed;
  });
  const { socket } = await (platforms.Deno as Platform).open(service);
  socket.onlyOwnCodes = true;
  (await opened).close(1011);
  expect(socket.closes).toEqual([[4011, ""]]);
});

test("Bun without its handlers is a 501, and the log says what to write", async () => {
  const { service, reports } = serviceWith(() => {});
  const response = await service.fetch(requestTo(), { upgrade: () => false });
  expect(response.status).toBe(501);
  expect(String((reports[0]?.err as Error | undefined)?.cause)).toContain("websocket: bunWebSocket");
});
