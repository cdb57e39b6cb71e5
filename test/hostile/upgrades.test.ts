import { createServer, type Server as HttpServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { _get, Resource } from "argania";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";
import { MemoryLogger } from "../server/serve.ts";
import { handshake } from "../websocket/sockets.ts";
import { checkAlive } from "./check-answer.ts";

// Upgrades behind a response that is under way, on a server of one's own with both listeners: Node throws inside of its own event
// for a second response on the connection, which would end the process. No resource here has an upgrade.

const SLOW = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
const PLAIN = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";
const WITH_BODY = PLAIN.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello");

let server: HttpServer;
let target: { readonly host: string; readonly port: number };
let upgrades = 0;
const waiting: ((text: string) => void)[] = [];
const logger = new MemoryLogger();

beforeAll(async () => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root
    .subresource("/slow")
    .setHandlerFor(_get.to(() => new Promise<string>((resolve) => waiting.push(resolve))));
  const service = root.intoService({ logger });
  server = createServer(service.nodeListener as unknown as RequestListener);
  server.on("upgrade", (request, socket, head) => {
    service.upgradeListener(request as never, socket as never, head);
    upgrades += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const ATTACKS: readonly (readonly [title: string, upgrade: string, status: number])[] = [
  ["of nothing that there is", PLAIN, 200],
  ["of a WebSocket", handshake("/"), 200],
  ["with a body", WITH_BODY, 400],
  ["several in a row", PLAIN.repeat(5), 200],
  ["with rubbish behind it", `${PLAIN}\x00\xff\r\n\r\n${SLOW}`, 200],
  ["of a malformed path", PLAIN.replace("/", "/%zz"), 400],
];

describe.each(["one packet", "two packets"])("in %s", (packets) => {
  const attack = async (upgrade: string) => {
    const client = await RawClient.connect(target.port);
    const [before, waitingBefore] = [upgrades, waiting.length];
    if (packets === "one packet") {
      client.send(`${SLOW}${upgrade}`);
    } else {
      client.send(SLOW);
      await expect.poll(() => waiting.length).toBe(waitingBefore + 1);
      client.send(upgrade);
    }
    await expect.poll(() => upgrades).toBe(before + 1);
    return client;
  };

  test.each(ATTACKS)("%s", async (_title, upgrade, status) => {
    const client = await attack(upgrade);
    waiting.at(-1)?.("slow");
    expect(statuses(await client.all())).toEqual([200, status]);
    await checkAlive(target);
    expect(logger.reports).toEqual([]);
  });

  test.each(ATTACKS)("%s, by a client that goes away", async (_title, upgrade) => {
    const client = await attack(upgrade);
    client.socket.resetAndDestroy();
    await checkAlive(target);
    waiting.at(-1)?.("slow");
    await checkAlive(target);
    expect(logger.reports).toEqual([]);
  });
});
