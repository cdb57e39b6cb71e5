import type { IncomingMessage } from "node:http";
import { _get, _post, bodyLimit, jsonBody, type RequestContext, Server } from "argania";
import { describe, expect, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";
import { jsonApp } from "./json-app.ts";
import { serveAs, serveBare, WAYS } from "./serve-both.ts";

const LIMIT = 100;

const head = (path: string, ...headers: string[]) =>
  `POST ${path} HTTP/1.1\r\n${["Host: x", "Content-Type: application/json", ...headers].join("\r\n")}\r\n\r\n`;
const CHUNKED = "Transfer-Encoding: chunked";
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const whole = (path: string, body: string, ...headers: string[]) =>
  `${head(path, `Content-Length: ${body.length}`, ...headers)}${body}`;

/** A limit of 100 bytes at `/`, of the property at `/property`, the default at `/default`. */
function site() {
  const signals: AbortSignal[] = [];
  const app = jsonApp(jsonBody.withLimit(LIMIT), (root) => {
    const untyped = root;
    untyped.subresource("/get").setHandlerFor(_get.to(() => "got"));
    untyped.subresource("/default").setHandlerFor(_post.to([jsonBody], () => "read"));
    untyped
      .subresource("/property")
      .setProperty(bodyLimit.to(LIMIT))
      .setHandlerFor(_post.to([jsonBody], () => "read"));
    untyped.subresource("/signal").setHandlerFor(
      _post.to([{ extract: ({ signal }: RequestContext<object>) => signals.push(signal) }, jsonBody], () => {
        throw new Error("It ran with half a body.");
      }),
    );
  });
  return { ...app, signals };
}

/** A client that goes on with a body until the server ends the connection, or has taken far too much of it. */
async function flood(client: RawClient, most: number): Promise<number> {
  let isOver = false;
  client.socket.on("error", () => {});
  client.ended.then(() => {
    isOver = true;
  });
  const sent = () => client.socket.bytesWritten - client.socket.writableLength;
  while (!isOver && sent() < most) {
    if (!client.socket.write(chunk("x".repeat(65_536)))) {
      await Promise.race([new Promise((resolve) => client.socket.once("drain", resolve)), client.ended]);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return sent();
}

/** More than all buffers between two processes of one machine. */
const MOST = 32 * 1024 * 1024;

describe.each(WAYS)("a body that is too large (%s)", (way) => {
  const start = async () => {
    const app = site();
    const { port } = await serveAs(way, app.service);
    return { ...app, client: await RawClient.connect(port), port };
  };

  test("by its Content-Length is refused before anything of it has come", async () => {
    const { client, values } = await start();
    client.send(head("/", "Content-Length: 10737418240"));
    expect(await client.all()).toMatch(
      /^HTTP\/1\.1 413 [\s\S]*Connection: close\r\n[\s\S]*ARGANIA_BODY_LIMIT/i,
    );
    expect(values).toEqual([]);
  });

  test("in chunks is refused as soon as it is, whatever follows", async () => {
    const { client, values, reports } = await start();
    client.send(head("/", CHUNKED) + chunk(`"${"a".repeat(LIMIT)}`));
    expect(await flood(client, MOST)).toBeLessThan(MOST);
    expect(client.received).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close\r\n[\s\S]*"limit":100/i);
    expect(statuses(client.received)).toEqual([413]);
    client.close();
    expect([values, reports]).toEqual([[], []]);
  });

  test("in chunks of a byte is refused, too", async () => {
    const { client } = await start();
    client.send(head("/", CHUNKED) + chunk(" ").repeat(LIMIT + 1));
    expect(await client.all()).toMatch(/^HTTP\/1\.1 413 /);
  });

  test.each(["0\r\n\r\n", ""])("is never taken for the next request (ended by %j)", async (end) => {
    const { client } = await start();
    const hidden = "GET /get HTTP/1.1\r\nHost: x\r\n\r\n";
    client.send(head("/", CHUNKED) + chunk("x".repeat(LIMIT + 1)) + chunk(hidden) + end);
    client.get("/get", "Connection: close");
    expect(statuses(await client.all())).toEqual([413]);
  });

  test("but short enough to be thrown away leaves the connection for the next request", async () => {
    const { client } = await start();
    const hidden = `GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n${"x".repeat(LIMIT)}`;
    client.send(whole("/", hidden)).get("/get", "Connection: close");
    expect(await client.all()).toMatch(/^HTTP\/1\.1 413 [\s\S]*HTTP\/1\.1 200 [\s\S]*got$/);
    expect(statuses(client.received)).toEqual([413, 200]);
  });

  test("gets its answer to a client that sends it all before it listens", async () => {
    const { port } = await start();
    for (const _ of Array.from({ length: 5 })) {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: new Uint8Array(4 * 1024 * 1024),
      });
      expect(response.status).toBe(413);
    }
  });

  test.each([
    ["a limit of its own", "/", LIMIT],
    ["a property", "/property", LIMIT],
    ["1 MiB by default", "/default", 2 ** 20],
  ])("by one byte: %s", async (_, path, limit) => {
    const { port } = await start();
    const ask = async (request: string) => (await RawClient.connect(port)).send(request).all();
    const body = `"${"a".repeat(limit - 2)}"`;
    expect(await ask(whole(path, body, "Connection: close"))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask(whole(path, `${body} `, "Connection: close"))).toMatch(/^HTTP\/1\.1 413 /);
    const begin = head(path, CHUNKED, "Connection: close") + chunk(body);
    expect(await ask(`${begin}0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask(`${begin}1\r\n \r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe.each(WAYS)("a body that is read (%s)", (way) => {
  test("keeps its connection, whole and in chunks, one request after the other and pipelined", async () => {
    const { service } = site();
    const { port } = await serveAs(way, service);
    const client = await RawClient.connect(port);
    client.send(whole("/", "1")).send(`${head("/", CHUNKED)}${chunk("[2")}${chunk("]")}0\r\n\r\n`);
    await client.until(/\{"value":1\}[\s\S]*\{"value":\[2\]\}$/);
    client.send(`${whole("/", "no")}${whole("/", "3")}${whole("/", "4", "Connection: close")}`);
    expect(await client.all()).toMatch(/\{"value":3\}[\s\S]*\{"value":4\}$/);
    expect(statuses(client.received)).toEqual([200, 200, 400, 200, 200]);
  });

  test("slowly comes together", async () => {
    const { service } = site();
    const { port } = await serveAs(way, service);
    const client = (await RawClient.connect(port)).send(head("/", "Content-Length: 8", "Connection: close"));
    for (const character of '{"a":12}') {
      await new Promise((resolve) => setTimeout(resolve, 5));
      client.send(character);
    }
    expect(await client.all()).toMatch(/\{"value":\{"a":12\}\}$/);
  });

  test.each([
    ["destroyed", (client: RawClient) => client.socket.resetAndDestroy()],
    ["closed", (client: RawClient) => client.close()],
    ["half-closed", (client: RawClient) => client.socket.end()],
  ])(
    "not to its end, since its client has %s the connection, calls no handler and is no failure",
    async (_, leave) => {
      const { service, reports, signals } = site();
      const { port } = await serveAs(way, service);
      const client = (await RawClient.connect(port)).send(`${head("/signal", "Content-Length: 9")}{"a":`);
      await expect.poll(() => signals.length).toBe(1);
      leave(client);
      await expect.poll(() => signals[0]?.aborted).toBe(true);
      expect(reports).toEqual([]);
      const other = (await RawClient.connect(port)).get("/get", "Connection: close");
      expect(await other.all()).toMatch(/got$/);
      client.close();
    },
  );

  test("not to its end, since its chunks are malformed, calls no handler", async () => {
    const { service, values, reports } = site();
    const { port } = await serveAs(way, service);
    const client = (await RawClient.connect(port)).send(`${head("/", CHUNKED)}${chunk("[1]")}zz\r\n`);
    expect(statuses(await client.all())).toEqual([400]);
    expect([values, reports]).toEqual([[], []]);
  });
});

describe("Expect: 100-continue", () => {
  const EXPECT = "Expect: 100-continue";

  test("is met by the first read", async () => {
    const { port } = await serveAs("Server", site().service);
    const client = await RawClient.connect(port);
    client.send(head("/", "Content-Length: 2", EXPECT));
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send("[]");
    await client.until(/HTTP\/1\.1 200 [\s\S]*\{"value":\[\]\}$/);
    client.close();
  });

  test.each([
    ["a body that is too large", "/", ["Content-Length: 101"], 413],
    ["a body of another type", "/", ["Content-Length: 2", "Content-Type: text/plain"], 415],
    ["a compressed body", "/", ["Content-Length: 2", "Content-Encoding: gzip"], 415],
  ])("is not met for %s", async (_, path, headers, status) => {
    const { port } = await serveAs("Server", site().service);
    const client = (await RawClient.connect(port)).send(head(path, ...headers, EXPECT));
    expect(statuses(await client.all())).toEqual([status]);
  });
});

test("a body that takes too long is answered with 408, and nothing is reported", async () => {
  const { service, reports } = site();
  const server = new Server().withLimits({ requestTimeout: 150, headersTimeout: 100 });
  const { port } = await serveAs("Server", service, server);
  const client = (await RawClient.connect(port)).send(`${head("/", "Content-Length: 9")}{"a":`);
  expect(statuses(await client.all())).toEqual([408]);
  expect(reports).toEqual([]);
});

describe("the request itself", () => {
  const EVENTS = ["data", "end", "close", "error", "aborted"];
  /** Node adds one of its own for requests that are answered before their end. */
  const listeners = (request: IncomingMessage) =>
    EVENTS.flatMap((name) => request.listeners(name).map((listener) => `${name}: ${listener.name}`)).filter(
      (each) => each !== "end: clearIncoming",
    );

  test.each([
    ["read", whole("/", "[1]", "Connection: close")],
    ["malformed", whole("/", "[1", "Connection: close")],
    ["too large", head("/", CHUNKED) + chunk("x".repeat(LIMIT + 1))],
    ["refused by its length", head("/", "Content-Length: 99999999")],
  ])("keeps no listener of a body that was %s", async (_, bytes) => {
    let request: IncomingMessage | undefined;
    let before: string[] = [];
    const { port } = await serveBare(site().service, (given) => {
      request = given;
      before = listeners(given);
    });
    const client = (await RawClient.connect(port)).send(bytes);
    await client.until(/\}$/);
    expect(listeners(request as IncomingMessage)).toEqual(before);
    client.close();
  });

  test.each([
    ["its client goes", (client: RawClient) => client.socket.resetAndDestroy()],
    ["its client ends half-way", (client: RawClient) => client.socket.end()],
    ["somebody destroys it", (_: RawClient, request: IncomingMessage) => request.destroy()],
    ["somebody destroys its socket", (_: RawClient, request: IncomingMessage) => request.socket.destroy()],
  ])("fails as an abort when %s", async (_, end) => {
    const outcomes: unknown[] = [];
    const { service } = jsonApp({
      extract: async (context, args) => {
        try {
          return await jsonBody.extract(context, args);
        } catch (error) {
          outcomes.push(error);
          throw error;
        }
      },
    });
    let request: IncomingMessage | undefined;
    const { port } = await serveBare(service, (given) => {
      request = given;
    });
    const client = (await RawClient.connect(port)).send(`${head("/", "Content-Length: 9")}{"a":`);
    await expect.poll(() => request?.listenerCount("data")).toBe(1);
    end(client, request as IncomingMessage);
    await expect.poll(() => outcomes).toMatchObject([{ name: "AbortError" }]);
    expect(listeners(request as IncomingMessage)).toEqual([]);
    client.close();
  });

  test("is set going when somebody in front has paused it", async () => {
    const { port } = await serveBare(site().service, async (request) => {
      request.pause();
      await new Promise((resolve) => setTimeout(resolve, 10));
    });
    const client = (await RawClient.connect(port)).send(whole("/", "[1]", "Connection: close"));
    expect(await client.all()).toMatch(/\{"value":\[1\]\}$/);
  });
});
