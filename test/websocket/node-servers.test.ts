import { createServer, type Server as HttpServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { _get, _post, _requestReceiver, around, Resource, Server, type Service } from "argania";
import { webSocketUpgrade } from "argania/websocket";
import { describe, expect, onTestFinished, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { MemoryLogger } from "../server/serve.ts";
import { echo, frame, framesIn, handshake, openClient, openRaw, TEXT } from "./sockets.ts";

function site(): { service: Service; reports: MemoryLogger["reports"]; aborts: unknown[] } {
  const logger = new MemoryLogger();
  const aborts: unknown[] = [];
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root.addLayerTo(
    _requestReceiver(
      around(async (context, next) => {
        if (context.query.has("slow")) {
          context.signal.addEventListener("abort", () => aborts.push(context.signal.reason.name));
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return next();
      }),
    ),
  );
  root.subresource("/ws").setHandlerFor(_get.to([webSocketUpgrade()], (upgrade) => upgrade(echo)));
  root
    .subresource("/bodies")
    .setHandlerFor(_post.to(async ({ request }) => `got ${(await request.text()).length}`));
  root.subresource("/large").setHandlerFor(
    _get.to(async function* () {
      for (let index = 0; index < 100; index++) {
        yield "x".repeat(100_000);
      }
    }),
  );
  return { service: root.intoService({ logger }), reports: logger.reports, aborts };
}

async function listen(server: HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

const listener = (service: Service) => service.nodeListener as unknown as RequestListener;
type OnUpgrade = (...values: unknown[]) => void;

const servers: Record<string, (service: Service) => Promise<number>> = {
  Server: async (service) => {
    const { address, close } = await new Server().serve(service, "127.0.0.1:0");
    onTestFinished(() => close());
    return address.port;
  },
  "http.createServer(nodeListener)": (service) => listen(createServer(listener(service))),
  "a middleware, like that of Connect": (service) =>
    listen(
      createServer((request, response) =>
        service.nodeListener(request, response as never, () => response.writeHead(404).end("not here")),
      ),
    ),
  'server.on("upgrade", upgradeListener)': (service) =>
    listen(createServer(listener(service)).on("upgrade", service.upgradeListener as OnUpgrade)),
};

describe.each(Object.entries(servers))("%s", (name, serve) => {
  const hasListener = name.includes("upgradeListener");

  test("opens a WebSocket, and keeps what came with the handshake", async () => {
    const { service, reports } = site();
    const port = await serve(service);
    const client = await openRaw(port, {}, frame(TEXT, "early"));
    client.send(frame(TEXT, "late"));
    await client.until(/late$/);
    expect(framesIn(client.received).map(({ payload }) => payload.toString())).toEqual(["early", "late"]);
    expect((await openClient(`ws://127.0.0.1:${port}/ws?slow`)).socket.readyState).toBe(1);
    expect(reports).toEqual([]);
  });

  test.each(["/nowhere", "/nowhere?slow", "/", "/?slow"])(
    "answers a handshake for %s, which has no WebSocket, and looks at nothing after it",
    async (path) => {
      const { service } = site();
      const client = await RawClient.connect(await serve(service));
      client.send(`${handshake(path)}GET /large HTTP/1.1\r\nHost: x\r\n\r\n`);
      const received = await client.all();
      expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${path.startsWith("/n") ? 404 : 200}`]);
      expect(received).toMatch(/\r\nconnection: close\r\n/i);
    },
  );

  test("a client that goes on sending gets its answer all the same", async () => {
    const { service } = site();
    const client = await RawClient.connect(await serve(service));
    client.send(handshake("/nowhere?slow"));
    for (let index = 0; index < 100; index++) {
      client.send("x".repeat(50_000));
    }
    await client.ended;
    expect(client.received).toMatch(/^HTTP\/1\.1 404 [\s\S]*(?:"ARGANIA_NOT_FOUND_RESOURCE"\}|not here)/);
    client.close();
  });

  test("sends a long answer to the end to a client that asked for an upgrade", async () => {
    const { service } = site();
    const client = await RawClient.connect(await serve(service));
    const before = client.received.length;
    client.send(handshake("/large"));
    client.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 100));
    client.socket.resume();
    await client.ended;
    expect(client.received.length - before).toBeGreaterThan(10_000_000);
    expect(client.received).toMatch(/x\r\n0\r\n\r\n$/);
    client.close();
  });

  test("takes no body for a request that could change the protocol", async () => {
    const { service } = site();
    const client = await RawClient.connect(await serve(service));
    client.send(`${handshake("/ws", { "Content-Length": "30" })}GET /?smuggled HTTP/1.1\r\nHost: x`);
    await client.until(/^HTTP\/1\.1 400 /);
    client.send("\r\n\r\n");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.received.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 400"]);
    client.close();
  });

  test("ignores other protocols: such requests are answered as others are", async () => {
    const { service } = site();
    const port = await serve(service);
    const upgrade =
      "Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
    const client = await RawClient.connect(port);
    client.send(`GET / HTTP/1.1\r\n${upgrade}\r\n`);
    await client.until(/^HTTP\/1\.1 200 [\s\S]*root$/);
    // Node hands it to the listener, and its parser has let go of the connection.
    expect(/\r\nconnection: close\r\n/i.test(client.received)).toBe(hasListener);
    client.close();
    if (!hasListener) {
      const sender = await RawClient.connect(port);
      sender.send(`POST /bodies HTTP/1.1\r\n${upgrade}Content-Length: 5\r\n\r\nhello`);
      await sender.until(/^HTTP\/1\.1 200 [\s\S]*got 5$/);
      sender.close();
    }
  });

  test("a body with another protocol is read, or refused, but never taken for the next request", async () => {
    const { service } = site();
    const client = await RawClient.connect(await serve(service));
    const smuggled = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";
    client.send(
      `POST /bodies HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    );
    await client.until(hasListener ? /^HTTP\/1\.1 400 / : /got \d+$/);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    client.close();
  });

  test("notices a client that goes away before its handshake is answered", async () => {
    const { service, reports, aborts } = site();
    const port = await serve(service);
    for (const leave of ["end", "reset"]) {
      const client = await RawClient.connect(port);
      client.send(handshake("/ws?slow"));
      await new Promise((resolve) => setTimeout(resolve, 20));
      leave === "end" ? client.socket.end() : client.socket.resetAndDestroy();
    }
    await expect.poll(() => aborts).toEqual(["AbortError", "AbortError"]);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(reports).toEqual([]);
  });
});
