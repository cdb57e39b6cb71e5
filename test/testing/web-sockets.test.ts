import { _get, _requestReceiver, around, type Resource, ResponseError } from "argania";
import { TestClientError } from "argania/testing";
import {
  type WebSocketClose,
  type WebSocketConnection,
  type WebSocketOptions,
  webSocketUpgrade,
} from "argania/websocket";
import { expect, test, vi } from "vitest";
import { site } from "./app.ts";

type Use = (socket: WebSocketConnection) => unknown;

async function echo(socket: WebSocketConnection): Promise<void> {
  for await (const message of socket) {
    await socket.send(message);
  }
}

function sockets(use: Use = echo, options: WebSocketOptions = {}) {
  return site((root: Resource<"/">) => {
    root.subresource("/ws/{room}").setHandlerFor(
      _get.to([webSocketUpgrade(options)], (upgrade, { params }) => {
        const response = upgrade(use);
        response.headers.set("x-room", params.room);
        response.headers.append("set-cookie", "seat=7; Path=/");
        return response;
      }),
    );
    root.subresource("/page").setHandlerFor(_get.to(() => "page"));
  });
}

test("messages go both ways, text and bytes, in order", async () => {
  const at = sockets().client();
  const socket = await at.webSocket("/ws/a");
  expect([socket.isOpen, socket.protocol, socket.headers.get("x-room")]).toEqual([true, "", "a"]);
  const bytes = new Uint8Array([1, 2]);
  socket.send("one");
  socket.send(bytes);
  bytes[0] = 9;
  socket.send(new Uint8Array([3]).buffer);
  socket.send("");
  expect([
    await socket.receive(),
    await socket.receive(),
    await socket.receive(),
    await socket.receive(),
  ]).toEqual(["one", new Uint8Array([1, 2]), new Uint8Array([3]), ""]);
  expect(at.cookies.get("seat")?.value).toBe("7");
  expect(() => socket.send({} as never)).toThrow("write send(JSON.stringify(value))");
});

test("both sides close, with codes", async () => {
  const seen: WebSocketClose[] = [];
  const { client } = sockets(async (socket) => {
    socket.closed.then((close) => seen.push(close));
    for await (const message of socket) {
      if (message === "bye") {
        await socket.send("before");
        await socket.close(4001, "as you wish");
      }
    }
  });
  const at = client();
  const first = await at.webSocket("/ws/a");
  expect(await first.close(3000, "done")).toEqual({ code: 3000, reason: "done", wasClean: true });
  const second = await at.webSocket("/ws/a");
  await second.close();
  expect(await second.close(4000)).toMatchObject({ code: 1005 });
  const third = await at.webSocket("/ws/a");
  third.send("bye");
  const messages: unknown[] = [];
  for await (const message of third) {
    messages.push(message);
  }
  expect(messages).toEqual(["before"]);
  expect(await third.closed).toEqual({ code: 4001, reason: "as you wish", wasClean: true });
  await expect(third.receive()).rejects.toThrow("closed with 4001 (as you wish) before another message");
  expect(() => third.send("late")).toThrow(TestClientError);
  const fourth = await at.webSocket("/ws/a");
  expect(await fourth.terminate()).toEqual({ code: 1006, reason: "", wasClean: false });
  await expect(fourth.receive()).rejects.toThrow("closed with 1006 before");
  expect(seen.map(({ code, wasClean }) => [code, wasClean])).toEqual([
    [3000, true],
    [1005, true],
    [4001, true],
    [1006, false],
  ]);
  expect(() => fourth.close(1005)).toThrow(RangeError);
});

test("the callback's end closes with 1000, its failure with 1011, its terminate() breaks off", async () => {
  const failing = sockets(() => Promise.reject(new Error("boom")));
  expect(await (await failing.client().webSocket("/ws/a")).closed).toMatchObject({ code: 1011 });
  expect(failing.errors).toHaveLength(1);
  const ending = sockets(async (socket) => void (await socket.send("last")));
  const socket = await ending.client().webSocket("/ws/a");
  expect(await socket.receive()).toBe("last");
  expect(await socket.closed).toMatchObject({ code: 1000, wasClean: true });
  const cut = sockets((socket) => socket.terminate());
  expect(await (await cut.client().webSocket("/ws/a")).closed).toMatchObject({ code: 1006, wasClean: false });
});

test("the handshake is checked as a real one", async () => {
  const at = sockets(echo, { protocols: ["v2", "v1"], origins: ["same", "https://ok.example"] }).client();
  expect((await at.webSocket("/ws/a", { protocols: ["x", "v1", "v2"] })).protocol).toBe("v1");
  const refused = async (path: string, init?: Parameters<typeof at.webSocket>[1]) => {
    const error = await at.webSocket(path, init).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TestClientError);
    const { response, message } = error as TestClientError;
    expect(message).toContain("No WebSocket was opened.");
    return [response?.status, await response?.text()];
  };
  expect(await refused("/ws/a", { headers: { origin: "https://evil.example" } })).toEqual([
    403,
    expect.stringContaining("may not open"),
  ]);
  expect((await refused("/ws/a", { headers: { "sec-websocket-version": "8" } }))[0]).toBe(426);
  expect((await refused("/ws/a", { headers: { "sec-websocket-key": "short" } }))[0]).toBe(400);
  expect(await refused("/page")).toEqual([200, "page"]);
  expect((await refused("/nowhere"))[0]).toBe(404);
  await at.get("/ws/a").expectStatus(426);
  const origins = ["http://localhost", "https://ok.example"];
  for (const origin of origins) {
    await at.webSocket("ws://localhost/ws/a", { headers: { origin } });
  }
  await expect(at.webSocket("/ws/a", { json: 1 } as never)).rejects.toThrow('has no option "json"');
});

test("limits hold: a message that is too long, and too many that wait", async () => {
  const long = await sockets(echo, { maxMessageBytes: 4 }).client().webSocket("/ws/a");
  long.send("1234");
  long.send("12345");
  expect(await long.closed).toMatchObject({ code: 1009 });
  expect(await long.receive()).toBe("1234");

  let release = () => {};
  const busy = sockets(
    async (socket) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      await socket.closed;
    },
    { maxMessageBytes: 60_000, maxBufferedBytes: 100_000 },
  );
  const flooding = await busy.client().webSocket("/ws/a");
  for (let count = 0; count < 10; count++) {
    flooding.send("x".repeat(50_000));
  }
  expect(await flooding.closed).toMatchObject({ code: 1008, reason: "too many messages wait" });
  release();
});

test("what a paused client is sent waits, and comes when it goes on", async () => {
  let socketOf: WebSocketConnection | undefined;
  const at = sockets(
    async (socket) => {
      socketOf = socket;
      await socket.closed;
    },
    { maxBufferedBytes: 100_000 },
  ).client();
  const client = await at.webSocket("/ws/a");
  const server = socketOf as WebSocketConnection;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  client.pause();
  await server.send("x".repeat(40_000));
  await server.send("y".repeat(40_000));
  await turn();
  let isSent = false;
  const waiting = server.send("z").then(() => {
    isSent = true;
  });
  await turn();
  expect(isSent).toBe(false);
  client.resume();
  await waiting;
  expect(((await client.receive()) as string).length + ((await client.receive()) as string).length).toBe(
    80_000,
  );
  expect(await client.receive()).toBe("z");
  client.pause();
  await server.send("x".repeat(120_000));
  await turn();
  await expect(server.send("more")).rejects.toMatchObject({ code: "ARGANIA_WEBSOCKET_CLOSED" });
  expect(await client.closed).toMatchObject({ code: 1006 });
  expect(await server.closed).toEqual({ code: 1008, reason: "", wasClean: false });
});

test("layers see the upgrade, and may refuse it", async () => {
  const { client } = site((root) => {
    const ws = root.subresource("/ws");
    ws.setHandlerFor(_get.to([webSocketUpgrade()], (upgrade) => upgrade(echo)));
    ws.addLayerTo(
      _requestReceiver(
        around(async (context, next) => {
          if (context.header("authorization") === undefined) {
            throw new ResponseError(401);
          }
          const response = await next();
          response.headers.set("x-layer", String(response.status));
          return response;
        }),
      ),
    );
  });
  const at = client();
  await expect(at.webSocket("/ws")).rejects.toMatchObject({ response: { status: 401 } });
  const socket = await at.webSocket("/ws", { headers: { authorization: "x" } });
  expect(socket.headers.get("x-layer")).toBe("101");
});

test("closing the client closes its WebSockets with 1001", async () => {
  const seen: number[] = [];
  const { client } = sockets(async (socket) => {
    seen.push((await socket.closed).code);
  });
  const at = client();
  const socket = await at.webSocket("/ws/a");
  await at.close();
  expect(await socket.closed).toMatchObject({ code: 1001 });
  expect(seen).toEqual([1001]);
  await expect(at.webSocket("/ws/a")).rejects.toThrow("The test client is closed");
});

test("messages come although a test has stopped the clock", async () => {
  vi.useFakeTimers();
  try {
    const socket = await sockets().client().webSocket("/ws/a");
    socket.send("tick");
    expect(await socket.receive()).toBe("tick");
  } finally {
    vi.useRealTimers();
  }
});

test("without this client, a request in process opens no WebSocket", async () => {
  const { service } = sockets();
  const headers = {
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  };
  expect((await service.request("/ws/a", { headers })).status).toBe(501);
});

test("a service that reads with a callback is tested in the same way", async () => {
  const at = sockets((socket) =>
    socket.eachMessage((message) => {
      socket.send(message);
      if (message === "end") {
        socket.close(4000);
      }
    }),
  ).client();
  const socket = await at.webSocket("/ws/a");
  const texts = Array.from({ length: 300 }, (_, index) => `${index}`);
  socket.pause();
  for (const text of [...texts, "end"]) {
    socket.send(text);
  }
  socket.resume();
  const seen: unknown[] = [];
  for await (const message of socket) {
    seen.push(message);
  }
  expect(seen).toEqual([...texts, "end"]);
  expect((await socket.closed).code).toBe(4000);
});
