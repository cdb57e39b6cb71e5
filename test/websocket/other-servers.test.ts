import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { _get, Resource, Server, type Service } from "argania";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { RawClient } from "../server/raw-client.ts";
import { testTls } from "../server/serve.ts";
import { echo, openClient, siteWith } from "./sockets.ts";

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

test("over TLS, too", async () => {
  const { service } = siteWith(echo);
  const { key, cert } = testTls();
  const ports = [
    await listen(createSecureServer({ key, cert }, listener(service))),
    await (async () => {
      const { address, close } = await new Server()
        .withTls({ key, cert })
        .withHttp2()
        .serve(service, "127.0.0.1:0");
      onTestFinished(() => close());
      return address.port;
    })(),
  ];
  for (const port of ports) {
    const origin = (scheme: string) => ({
      rejectUnauthorized: false,
      headers: { Origin: `${scheme}://127.0.0.1:${port}` },
    });
    const { socket, messages } = await openClient(`wss://127.0.0.1:${port}/ws`, [], origin("https"));
    socket.send("secret");
    socket.send(Buffer.alloc(300_000, 1));
    await expect.poll(() => messages).toEqual(["secret", Buffer.alloc(300_000, 1)]);
    // A page that came without TLS may have been changed on its way.
    await expect(openClient(`wss://127.0.0.1:${port}/ws`, [], origin("http"))).rejects.toThrow("status 403");
  }
});

test("with the upgrade listener of somebody else, upgradeListener leaves to it what no resource answers", async () => {
  const { service } = siteWith(echo);
  const others = new WebSocketServer({ noServer: true });
  const server = createServer(listener(service));
  server.on("upgrade", service.upgradeListener as OnUpgrade);
  server.on("upgrade", (request, socket, head) => {
    if (request.url === "/theirs") {
      others.handleUpgrade(request, socket, head, (client) => client.send("theirs"));
    }
  });
  const port = await listen(server);
  expect((await openClient(`ws://127.0.0.1:${port}/ws`)).socket.readyState).toBe(1);
  const { messages, socket } = await openClient(`ws://127.0.0.1:${port}/theirs`);
  await expect.poll(() => messages).toEqual(["theirs"]);
  socket.send("x".repeat(100_000));
  await expect(
    openClient(`ws://127.0.0.1:${port}/ws`, [], { headers: { Origin: "http://evil" } }),
  ).rejects.toThrow("status 403");
});

test("where Node's parser stays on the connection, the client gets 501 and the log says what to write", async () => {
  const { service, reports } = siteWith(echo);
  const port = await listen(
    createServer((request, response) => {
      // Too late: the parser has gone on by then.
      setTimeout(() => service.nodeListener(request, response as never), 10);
    }),
  );
  await expect(openClient(`ws://127.0.0.1:${port}/ws`)).rejects.toThrow("status 501");
  expect(String((reports[0]?.err as Error | undefined)?.cause)).toContain(
    'server.on("upgrade", service.upgradeListener)',
  );
});

test("no listener is left on the server", async () => {
  const { service } = siteWith(echo);
  const server = createServer(listener(service));
  const port = await listen(server);
  await openClient(`ws://127.0.0.1:${port}/ws`);
  await openClient(`ws://127.0.0.1:${port}/nowhere`).catch(() => {});
  expect(server.listenerCount("upgrade")).toBe(0);
});

test("an upgrade listener need not get what is no WebSocket, where Node can tell them apart", async () => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  const service = root.intoService();
  const options = {
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket",
  };
  const server = createServer(options as object, listener(service));
  server.on("upgrade", service.upgradeListener as OnUpgrade);
  const canTell = "shouldUpgradeCallback" in server;
  const client = await RawClient.connect(await listen(server));
  const H2C = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
  client.send(H2C);
  await client.until(/root$/);
  expect(/connection: close/i.test(client.received)).toBe(!canTell);
  client.close();
});
