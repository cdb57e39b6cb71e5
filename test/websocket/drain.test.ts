import { Server } from "argania";
import { describe, expect, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { runApp } from "../support/run-app.ts";
import { closeCodeIn, closeFrame, echo, handshake, openClient, openRaw, serveSite } from "./sockets.ts";

const LONG = 600_000;
const server = (graceMs = LONG) => new Server().withGracefulShutdown(graceMs);

describe("a server that drains", () => {
  test("closes its WebSockets with 1001, and ends as soon as their clients have agreed", async () => {
    const ends: unknown[] = [];
    const { url, close } = await serveSite(
      async (socket) => {
        await echo(socket);
        ends.push(await socket.closed);
      },
      {},
      { server: server() },
    );
    const clients = await Promise.all([openClient(url), openClient(url), openClient(url)]);
    await close();
    for (const { closed } of clients) {
      expect(await closed).toEqual({ code: 1001, reason: "" });
    }
    const end = { code: 1001, reason: "", wasClean: true };
    await expect.poll(() => ends).toEqual([end, end, end]);
  });

  test("sends what was sent before it, and lets callbacks end", async () => {
    const events: string[] = [];
    const { url, close } = await serveSite(
      async (socket) => {
        await echo(socket);
        events.push(`open ${socket.isOpen}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
        events.push("cleaned up");
      },
      {},
      { server: server() },
    );
    const { socket, messages, closed } = await openClient(url);
    socket.send("before");
    await expect.poll(() => messages).toEqual(["before"]);
    await close();
    await closed;
    await expect.poll(() => events).toEqual(["open false", "cleaned up"]);
  });

  test("gives a client that does not answer no longer than closeTimeout", async () => {
    const { port, close } = await serveSite(echo, { closeTimeout: 50 }, { server: server() });
    const client = await openRaw(port);
    await close();
    expect(closeCodeIn(client.received)).toBe(1001);
  });

  test("nor longer than the grace period", async () => {
    const { port, close } = await serveSite(echo, { closeTimeout: LONG }, { server: server(100) });
    const client = await openRaw(port);
    await close();
    expect(closeCodeIn(client.received)).toBe(1001);
  });

  test("does not wait for a callback that never ends", async () => {
    const { url, close } = await serveSite(() => new Promise(() => {}), {}, { server: server() });
    const { closed } = await openClient(url);
    await close();
    expect((await closed).code).toBe(1001);
  });

  test("does so with those that are paused", async () => {
    const { url, close } = await serveSite(() => new Promise(() => {}), {}, { server: server() });
    const { socket, closed } = await openClient(url);
    for (let index = 0; index < 2_000; index++) {
      socket.send("nobody takes this");
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    await close();
    expect((await closed).code).toBe(1001);
  });

  test("does not wait for one that has closed before", async () => {
    const { url, close } = await serveSite(echo, {}, { server: server() });
    const { socket, closed } = await openClient(url);
    socket.close();
    await closed;
    await close();
  });

  test("a handshake that crosses the drain gets its WebSocket, and 1001 at once", async () => {
    let release = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isIn = false;
    const { port, close } = await serveSite(
      echo,
      { closeTimeout: 50 },
      {
        server: server(),
        layers: [
          (next) => async (context, args) => {
            isIn = true;
            await waiting;
            return next(context, args);
          },
        ],
      },
    );
    const client = await RawClient.connect(port);
    client.send(handshake());
    await expect.poll(() => isIn).toBe(true);
    const closed = close();
    release();
    await closed;
    await client.ended;
    expect(client.received).toMatch(/^HTTP\/1\.1 101 /);
    expect(closeCodeIn(client.received)).toBe(1001);
    client.close();
  });

  test("so does one with workers", async () => {
    const app = await runApp(new URL("./apps/held.ts", import.meta.url), { WORKERS: "2" });
    const [, port] = await app.until(/port (\d+);/);
    const clients = await Promise.all(
      Array.from({ length: 8 }, () => openClient(`ws://127.0.0.1:${port}/ws`)),
    );
    app.process.kill("SIGTERM");
    for (const { closed } of clients) {
      expect((await closed).code).toBe(1001);
    }
    expect(await app.exit).toEqual({ code: 0, signal: null });
    expect(app.output().match(/socket ended 1001;/g)).toHaveLength(8);
  });
});

test("S03: 1,000 event streams and 1,000 WebSockets at SIGTERM all end well, within the grace period", async () => {
  const COUNT = 1_000;
  const app = await runApp(new URL("./apps/held.ts", import.meta.url));
  const [, port] = await app.until(/port (\d+);/);
  const open = async (request: string, first: RegExp): Promise<RawClient> => {
    const client = await RawClient.connect(Number(port));
    client.send(request);
    await client.until(first);
    return client;
  };
  const sockets: RawClient[] = [];
  const streams: RawClient[] = [];
  while (sockets.length < COUNT) {
    const batch = Array.from({ length: 100 });
    sockets.push(
      ...(await Promise.all(batch.map(() => open(handshake(), /^HTTP\/1\.1 101 [\s\S]*\r\n\r\n$/)))),
    );
    streams.push(
      ...(await Promise.all(batch.map(() => open("GET /sse HTTP/1.1\r\nHost: x\r\n\r\n", /data: first/)))),
    );
  }
  for (const client of sockets) {
    // As a client library does: it answers the close frame, and then the server ends the connection.
    expect
      .poll(() => closeCodeIn(client.received), { timeout: 30_000 })
      .toBe(1001)
      .then(() => client.send(closeFrame(1001)).socket.end());
  }
  app.process.kill("SIGTERM");
  await Promise.all([...sockets, ...streams].map(({ ended }) => ended));
  expect(sockets.map(({ received }) => closeCodeIn(received))).toEqual(sockets.map(() => 1001));
  expect(streams.every(({ received }) => received.endsWith("\r\n0\r\n\r\n"))).toBe(true);
  for (const client of [...sockets, ...streams]) {
    client.close();
  }
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(app.output().match(/socket ended 1001;/g)).toHaveLength(COUNT);
  expect(app.output().match(/stream returned;/g)).toHaveLength(COUNT);
}, 60_000);
