import { createServer, type Server as HttpServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { _get, _requestReceiver, around, Resource, type Service } from "argania";
import { webSocketUpgrade } from "argania/websocket";
import { describe, expect, onTestFinished, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";
import { MemoryLogger } from "../server/serve.ts";
import { echo, handshake, openClient } from "./sockets.ts";

// Node emits "upgrade" while the responses in front of it are under way, and takes its listeners off the connection.

type UpgradeListener = Service["upgradeListener"];
type OnUpgrade = (...values: unknown[]) => void;

/** A site whose `/slow` is answered when the test says so. */
function site() {
  const logger = new MemoryLogger();
  const waiting: ((text: string) => void)[] = [];
  const ends: string[] = [];
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root.subresource("/slow").setHandlerFor(
    _get.to((context) => {
      context.afterSend(({ isComplete }) => ends.push(isComplete ? "complete" : "broken off"));
      return new Promise<string>((resolve) => waiting.push(resolve));
    }),
  );
  root.subresource("/large").setHandlerFor(
    _get.to(async function* () {
      for (let index = 0; index < 100; index++) {
        yield "x".repeat(100_000);
      }
    }),
  );
  root.subresource("/ws").setHandlerFor(_get.to([webSocketUpgrade()], (upgrade) => upgrade(echo)));
  return { service: root.intoService({ logger }), reports: logger.reports, waiting, ends };
}

async function listen(server: HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

const LISTENERS: Record<string, (service: Service) => readonly [Service["nodeListener"], UpgradeListener]> = {
  upgradeListener: (service) => [service.nodeListener, service.upgradeListener],
  createUpgradeListener: (service) => [service.createNodeListener({}), service.createUpgradeListener({})],
};

/** A server, and how many requests for an upgrade have reached it. */
function serverOf([onRequest, onUpgrade]: readonly [Service["nodeListener"], UpgradeListener]) {
  const seen = { upgrades: 0 };
  const server = createServer(onRequest as unknown as RequestListener);
  server.on("upgrade", (request, socket, head) => {
    onUpgrade(request as never, socket as never, head);
    seen.upgrades += 1;
  });
  return { server, seen };
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const other = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n`;

describe.each(Object.entries(LISTENERS))("%s, behind a response that is under way", (_, listeners) => {
  const start = async () => {
    const run = site();
    const { server, seen } = serverOf(listeners(run.service));
    return { ...run, server, seen, client: await RawClient.connect(await listen(server)) };
  };

  describe.each(["one packet", "two packets"])("%s", (packets) => {
    const sendBoth = async (
      { client, waiting, seen }: Awaited<ReturnType<typeof start>>,
      first: string,
      second: string,
    ) => {
      if (packets === "one packet") {
        client.send(`${first}${second}`);
      } else {
        client.send(first);
        await expect.poll(() => waiting.length).toBeGreaterThan(0);
        client.send(second);
      }
      await expect.poll(() => seen.upgrades).toBe(1);
    };

    test.each([
      ["a handshake gets 400", handshake("/ws"), 400],
      ["one with a body, too", handshake("/ws", { "Content-Length": "5" }), 400],
      ["one for no WebSocket is answered", handshake("/"), 200],
      ["one for nothing gets 404", handshake("/nowhere"), 404],
      ["another protocol is ignored", other("/"), 200],
      ["what follows is no request", `${handshake("/ws")}${get("/")}${handshake("/ws")}`, 400],
    ])("%s, and the connection ends", async (_title, upgrade, status) => {
      const run = await start();
      await sendBoth(run, get("/slow"), upgrade);
      expect(run.client.received).toBe("");
      run.waiting[0]?.("the slow one");
      const received = await run.client.all();
      expect(statuses(received)).toEqual([200, status]);
      expect(received).toMatch(/the slow oneHTTP\/1\.1 /);
      expect(received.slice(received.lastIndexOf("HTTP/1.1"))).toMatch(/\r\nconnection: close\r\n/i);
      expect(run.reports).toEqual([]);
    });

    test("each of several responses comes first", async () => {
      const run = await start();
      await sendBoth(run, get("/slow").repeat(3), handshake("/ws"));
      await expect.poll(() => run.waiting.length).toBe(3);
      for (const answer of run.waiting.reverse()) {
        answer("slow");
      }
      expect(statuses(await run.client.all())).toEqual([200, 200, 200, 400]);
    });

    test("a client that goes away meanwhile is noticed", async () => {
      for (const leave of ["end", "resetAndDestroy"] as const) {
        const run = await start();
        await sendBoth(run, get("/slow").repeat(2), handshake("/ws"));
        run.client.socket[leave]();
        await expect.poll(() => run.ends).toEqual(["broken off", "broken off"]);
        run.waiting.forEach((answer) => void answer("late"));
        expect(run.reports).toEqual([]);
      }
    });

    test("a response that never comes ends with the server's timeout", async () => {
      const run = await start();
      run.server.setTimeout(100);
      const client = await RawClient.connect((run.server.address() as AddressInfo).port);
      await sendBoth({ ...run, client }, get("/slow"), handshake("/ws"));
      expect(await client.all()).toBe("");
      await expect.poll(() => run.ends).toEqual(["broken off"]);
    });
  });

  test("a response with Connection: close is the last one", async () => {
    const { client, server, seen, waiting, reports } = await start();
    server.prependListener("request", (_request, response) => {
      response.shouldKeepAlive = false;
    });
    client.send(`${get("/slow")}${handshake("/ws")}`);
    await expect.poll(() => seen.upgrades).toBe(1);
    waiting[0]?.("the only one");
    expect(statuses(await client.all())).toEqual([200]);
    expect(reports).toEqual([]);
  });

  test("a long response goes on when a slow client reads again", async () => {
    const { client } = await start();
    client.send(`${get("/large")}${handshake("/ws")}`);
    client.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.resume();
    const received = await client.all();
    expect(received.length).toBeGreaterThan(10_000_000);
    expect(statuses(received)).toEqual([200, 400]);
  });
});

describe("beside another listener", () => {
  test("what no resource answers is left to it, and its connection is not read from", async () => {
    const { service, waiting, reports } = site();
    const server = createServer(service.nodeListener as unknown as RequestListener).on(
      "upgrade",
      service.upgradeListener as OnUpgrade,
    );
    let isTaken = false;
    server.on("upgrade", (_request, socket) => {
      isTaken = true;
      socket.on("error", () => {});
    });
    const client = await RawClient.connect(await listen(server));
    client.send(`${get("/slow")}${handshake("/theirs")}`);
    await expect.poll(() => waiting.length).toBe(1);
    expect(isTaken).toBe(true);
    waiting[0]?.("slow");
    await client.until(/slow$/);
    client.close();
    expect(reports).toEqual([]);
  });

  test.each(["at once", "later"])("two services share a server, the first one leaving %s", async (when) => {
    const first = new Resource("/");
    first.subresource("/first").setHandlerFor(_get.to([webSocketUpgrade()], (upgrade) => upgrade(echo)));
    if (when === "later") {
      first.addLayerTo(
        _requestReceiver(
          around(async (_context, next) => {
            await new Promise((resolve) => setTimeout(resolve, 20));
            return next();
          }),
        ),
      );
    }
    const firstService = first.intoService();
    const { service } = site();
    const server = createServer(service.nodeListener as unknown as RequestListener)
      .on("upgrade", firstService.upgradeListener as OnUpgrade)
      .on("upgrade", service.upgradeListener as OnUpgrade);
    const port = await listen(server);
    for (const path of ["/first", "/ws"]) {
      const { socket, messages } = await openClient(`ws://127.0.0.1:${port}${path}`);
      socket.send("heard");
      await expect.poll(() => messages).toEqual(["heard"]);
    }
  });
});
