import { _get, type ErrorReport, Resource, Server, type ServerHandle } from "argania";
import { webSocketUpgrade } from "argania/websocket";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import {
  CONTINUATION,
  closeCodeIn,
  closeFrame,
  frame,
  handshake,
  openRaw,
  TEXT,
} from "../websocket/sockets.ts";
import { checkAlive } from "./check-answer.ts";
import { expand, hostileCases } from "./hostile-case.ts";

// O: what clients of WebSockets send that no client should.

const cases = hostileCases(["websocket"]);
const reports: ErrorReport[] = [];
let server: ServerHandle;
let target: { readonly host: string; readonly port: number };

beforeAll(async () => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  const upgrade = webSocketUpgrade({ maxMessageBytes: 1_048_576, idleTimeout: 30_000, closeTimeout: 200 });
  root.subresource("/ws").setHandlerFor(
    _get.to([upgrade], (open) =>
      open(async (socket) => {
        for await (const message of socket) {
          await socket.send(message);
        }
      }),
    ),
  );
  const logger = { error: (report: ErrorReport) => void reports.push(report) };
  server = await new Server().withLogger(logger).serve(root.intoService({ logger }), "127.0.0.1:0");
  target = { host: "127.0.0.1", port: server.address.port };
});

afterAll(() => server.close());

async function sendAll(raw: string): Promise<RawClient> {
  const client = await RawClient.connect(target.port);
  client.send(expand(raw));
  await client.until(/\r\n\r\n/);
  return client;
}

describe("the cases of the data", () => {
  const raw = cases.filter((one) => one.raw !== undefined);

  test.each(raw.map((one) => [one.id, one.title, one] as const))("%s %s", async (_id, _title, one) => {
    const { raw: bytes = "", expect: expected } = one;
    const { wsClose } = expected as { readonly wsClose?: readonly number[] };
    const client = await sendAll(bytes);
    expect(expected.status).toContain(Number(/^HTTP\/1\.1 (\d+)/.exec(client.received)?.[1]));
    if (expected.close === "yes") {
      await client.ended;
    }
    if (wsClose !== undefined) {
      expect(wsClose).toContain(closeCodeIn(client.received));
    }
    client.close();
    await checkAlive(target);
  });

  test("O18 permessage-deflate bomb: the extension is not negotiated", async () => {
    const client = await openRaw(target.port, { "Sec-WebSocket-Extensions": "permessage-deflate" });
    expect(client.received).not.toMatch(/sec-websocket-extensions/i);
    client.send(`\xc2${frame(2, "\x00".repeat(1_000)).slice(1)}`);
    await client.ended;
    expect(closeCodeIn(client.received)).toBe(1002);
    await checkAlive(target);
  });

  test("none is left out", () => {
    // O22 is in ping-flood.test.ts.
    const steps = cases.filter((one) => one.raw === undefined);
    expect(steps.map(({ id }) => id)).toEqual(["O18", "O22"]);
  });
});

describe("more of the kind", () => {
  test.each<[string, string, number | undefined]>([
    ["a frame in half", frame(TEXT, "hello").slice(0, 5), undefined],
    ["nothing at all", "", undefined],
    [
      "an endless message of empty fragments",
      frame(TEXT, "", false) + frame(CONTINUATION, "", false).repeat(20_000),
      1008,
    ],
    ["a request in place of frames", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1002],
    ["a second handshake", handshake(), 1002],
    ["messages after a close frame", closeFrame(1000) + frame(TEXT, "late").repeat(1_000), 1000],
    ["two close frames", closeFrame(1000) + closeFrame(1001), 1000],
    ["zeros", "\x00".repeat(10_000), 1002],
    ["a close frame of 125 bytes", closeFrame(3000, "x".repeat(123)), 3000],
    ["a close frame of 126 bytes", closeFrame(3000, "x".repeat(124)), 1002],
    ["a close code of the far future", closeFrame(5000), 1002],
    ["a length of 64 bits with its first bit set", `\x82\xff\x80${"\x00".repeat(7)}abcd`, 1009],
  ])("%s, with the handshake in the same bytes", async (_, bytes, code) => {
    const client = await openRaw(target.port, {}, bytes);
    if (code !== undefined) {
      await client.ended;
      expect(closeCodeIn(client.received)).toBe(code);
    }
    expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    client.close();
    await checkAlive(target);
  });

  test("a request hidden in a refused handshake's wake is never served", async () => {
    for (const refused of [handshake("/ws", { Origin: "https://evil.example" }), handshake("/nowhere")]) {
      const client = await sendAll(`${refused}GET / HTTP/1.1\r\nHost: x\r\n\r\n`);
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await client.ended;
      expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
      expect(client.received).not.toContain("root");
      client.close();
    }
  });

  test("a slow handshake is cut off as any request is", async () => {
    const slow = await new Server()
      .withLimits({ headersTimeout: 100 })
      .serve(
        new Resource("/")
          .setHandlerFor(_get.to([webSocketUpgrade()], (open) => open(() => {})))
          .intoService(),
        "127.0.0.1:0",
      );
    const client = await RawClient.connect(slow.address.port);
    client.send(handshake("/").slice(0, -2));
    expect(await client.all()).toMatch(/^HTTP\/1\.1 408 /);
    await slow.close();
  });

  test("a thousand clients that vanish leave nothing behind", async () => {
    for (let round = 0; round < 10; round++) {
      const clients = await Promise.all(Array.from({ length: 100 }, () => openRaw(target.port)));
      for (const client of clients) {
        client.send(frame(TEXT, "x").slice(0, 4));
        client.socket.resetAndDestroy();
      }
    }
    await checkAlive(target);
  });

  test("nothing of all this was the server's failure", () => {
    expect(reports).toEqual([]);
  });
});
