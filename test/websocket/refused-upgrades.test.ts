import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { _get, Resource, Server, type Service } from "argania";
import { webSocketUpgrade } from "argania/websocket";
import { describe, expect, onTestFinished, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { MemoryLogger } from "../server/serve.ts";
import { echo, handshake } from "./sockets.ts";

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const HELD = "GET /held HTTP/1.1\r\nHost: x\r\n\r\n";
const H2C = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n";

const H2C_POST = H2C.replace("GET", "POST").replace("Host", "Content-Length: 2\r\nHost");
const H2C_CHUNKED = H2C.replace("GET", "POST").replace("Host", "Transfer-Encoding: chunked\r\nHost");

/** A site with a WebSocket, with answers that wait, and with a count of how often its root was asked for. */
function site() {
  const logger = new MemoryLogger();
  const held: (() => void)[] = [];
  let count = 0;
  const root = new Resource("/").setHandlerFor(_get.to(() => `root ${++count}`));
  root.subresource("/ws").setHandlerFor(_get.to([webSocketUpgrade()], (upgrade) => upgrade(echo)));
  root
    .subresource("/held")
    .setHandlerFor(_get.to(() => new Promise<string>((resolve) => held.push(() => resolve("held")))));
  return { service: root.intoService({ logger }), reports: logger.reports, held, count: () => count };
}

async function serveByServer(service: Service, server = new Server()): Promise<number> {
  const { address, close } = await server.serve(service, "127.0.0.1:0");
  onTestFinished(() => close());
  return address.port;
}

async function serveByNode(service: Service): Promise<number> {
  const server = createServer(service.nodeListener as unknown as RequestListener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

const statusesIn = (received: string) => received.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(9));

test("a handshake that had to wait for its turn is refused as one behind others, not as the server's failure", async () => {
  const { service, held, reports } = site();
  const server = new Server().withLimits({ maxPipelinedRequests: 1 });
  const client = await RawClient.connect(await serveByServer(service, server));
  client.send(HELD + HELD + handshake() + GET);
  for (let index = 0; index < 2; index++) {
    await expect.poll(() => held.length).toBe(index + 1);
    held[index]?.();
  }
  const received = await client.all();
  expect(statusesIn(received)).toEqual(["200", "200", "400"]);
  expect(received).toMatch(/"ARGANIA_WEBSOCKET_HANDSHAKE"\}$/);
  expect(reports).toEqual([]);
});

describe.each([
  ["Server", serveByServer],
  ["http.createServer(nodeListener)", serveByNode],
] as const)("%s", (_, serve) => {
  test.each([
    ["a handshake behind a request", `${GET}${handshake()}`, ["200", "400"]],
    ["a handshake for no WebSocket behind one", `${GET}${handshake("/nowhere")}`, ["200", "404"]],
    ["an upgrade to HTTP/2 behind a request", GET + H2C, ["200", "200"]],
    ["an upgrade to HTTP/2 in front of a part of the next one", `${H2C}GET / HTTP/1.1\r\n`, ["200"]],
    ["one with a body", `${H2C_POST}ab`, ["405"]],
    ["a handshake by POST", handshake().replace("GET", "POST"), ["405"]],
    ["one whose body comes later", `${H2C_POST}a`, ["405"]],
    ["one with a body of chunks", `${H2C_CHUNKED}1\r\na\r\n0\r\n\r\n`, ["405"]],
  ])("%s ends its connection, and what follows is never served", async (_title, bytes, statuses) => {
    for (const isApart of [false, true]) {
      const { service, count } = site();
      const client = await RawClient.connect(await serve(service));
      client.send(isApart ? bytes : bytes + GET);
      if (isApart) {
        await client.until(new RegExp(`HTTP/1\\.1 ${statuses.at(-1)} `));
        client.send(GET);
      }
      const received = await client.all();
      expect(statusesIn(received)).toEqual(statuses);
      expect(received.match(/\r\nconnection: close\r\n/gi)).toHaveLength(1);
      expect(count()).toBe(statuses.filter((status) => status === "200").length);
    }
  });

  test.each([
    ["an upgrade to HTTP/2", H2C, "200"],
    ["one with two hosts", H2C.replace("Host", "Host: y\r\nHost"), "400"],
    ["one to a protocol that nobody knows", H2C.replace("h2c", "TLS/1.0"), "200"],
    ["one for a resource that is not there", H2C.replace("GET /", "GET /%6eowhere?q=%e4"), "404"],
  ])("%s is an ordinary request, and its connection goes on", async (_title, bytes, status) => {
    const { service } = site();
    const client = await RawClient.connect(await serve(service));
    for (const count of [1, 2, 3]) {
      client.send(bytes);
      await client.until(new RegExp(`(?:HTTP/1\\.1 ${status} [\\s\\S]*?\r\n\r\n[\\s\\S]*?){${count}}$`));
    }
    client.get("/", "Connection: close");
    const received = await client.all();
    expect(statusesIn(received)).toEqual([status, status, status, "200"]);
    expect(received.match(/\r\nconnection: close\r\n/gi)).toHaveLength(1);
  });

  test("one of which nothing follows in the same bytes, but is followed at once", async () => {
    const { service, held, count } = site();
    const client = await RawClient.connect(await serve(service));
    client.send(H2C.replace("GET /", "GET /held"));
    await expect.poll(() => held.length).toBe(1);
    client.send(GET);
    await (await RawClient.connect(await serve(site().service))).get("/", "Connection: close").all();
    held[0]?.();
    await client.until(/root 1/);
    client.close();
    expect(statusesIn(client.received)).toEqual(["200", "200"]);
    expect(count()).toBe(1);
  });

  test("a request that comes while the one in front of a handshake is not answered is not served", async () => {
    const { service, held, count } = site();
    const client = await RawClient.connect(await serve(service));
    client.send(HELD + handshake());
    await expect.poll(() => held.length).toBe(1);
    client.send(GET);
    await (await RawClient.connect(await serve(site().service))).get("/", "Connection: close").all();
    held[0]?.();
    expect(statusesIn(await client.all())).toEqual(["200", "400"]);
    expect(count()).toBe(0);
  });
});
