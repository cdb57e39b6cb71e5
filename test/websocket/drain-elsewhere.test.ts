import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { _get, DrainNotice, Resource, type Service } from "argania";
import { EventStream } from "argania/sse";
import { webSocketUpgrade } from "argania/websocket";
import express from "express";
import { describe, expect, onTestFinished, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { type Callback, echo, openClient } from "./sockets.ts";

const never = new Promise<never>(() => {});

function siteOf(callback: Callback): Service {
  const root = new Resource("/");
  root
    .subresource("/ws")
    .setHandlerFor(_get.to([webSocketUpgrade({ closeTimeout: 100 })], (upgrade) => upgrade(callback)));
  root.subresource("/events").setHandlerFor(
    _get.to(
      () =>
        new EventStream(
          (async function* () {
            yield { data: "first" };
            await never;
          })(),
        ),
    ),
  );
  return root.intoService();
}

type OnUpgrade = (...values: unknown[]) => void;
type Serve = (service: Service, drainNotice: DrainNotice) => ReturnType<typeof createServer>;

const listener = (service: Service, drainNotice: DrainNotice) =>
  service.createNodeListener({ drainNotice }) as unknown as RequestListener;

const SERVERS: Record<string, Serve> = {
  "createServer(createNodeListener(…))": (service, notice) => createServer(listener(service, notice)),
  "with createUpgradeListener(…)": (service, notice) =>
    createServer(listener(service, notice)).on(
      "upgrade",
      service.createUpgradeListener({ drainNotice: notice }) as OnUpgrade,
    ),
  "with createUpgradeListener(…) beside another's": (service, notice) =>
    createServer(listener(service, notice))
      .on("upgrade", () => {})
      .on("upgrade", service.createUpgradeListener({ drainNotice: notice }) as OnUpgrade),
  "as a middleware of Express": (service, notice) => createServer(express().use(listener(service, notice))),
};

async function start(serve: Serve, callback: Callback = echo) {
  const notice = new DrainNotice();
  const server = serve(siteOf(callback), notice);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { server, notice, port, url: `ws://127.0.0.1:${port}/ws` };
}

describe.each(Object.entries(SERVERS))("%s", (_, serve) => {
  test("a notice closes WebSockets with 1001, so that the server can end", async () => {
    const ends: unknown[] = [];
    const { server, notice, url } = await start(serve, async (socket) => {
      await echo(socket);
      ends.push(await socket.closed);
    });
    const clients = await Promise.all([openClient(url), openClient(url)]);
    expect(notice.listenerCount).toBe(2);
    const closed = new Promise((resolve) => server.close(resolve));
    notice.give();
    for (const client of clients) {
      expect(await client.closed).toEqual({ code: 1001, reason: "" });
    }
    await closed;
    const end = { code: 1001, reason: "", wasClean: true };
    await expect.poll(() => ends).toEqual([end, end]);
  });

  test("a WebSocket that is opened after the notice gets 1001, too", async () => {
    const { notice, url } = await start(serve);
    notice.give();
    expect(await (await openClient(url)).closed).toEqual({ code: 1001, reason: "" });
  });

  test("one that has ended waits for no notice", async () => {
    const { notice, url } = await start(serve);
    const { socket, closed } = await openClient(url);
    expect(notice.listenerCount).toBe(1);
    socket.close();
    await closed;
    await expect.poll(() => notice.listenerCount).toBe(0);
  });

  test("event streams end as if their source had", async () => {
    const { notice, port } = await start(serve);
    const client = await RawClient.connect(port);
    await client.get("/events").until(/data: ?first/);
    notice.give();
    await client.until(/\r\n0\r\n\r\n$/);
    client.close();
  });
});
