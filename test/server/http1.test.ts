import type { ServerResponse } from "node:http";
import { _get, _post, Resource, Server, type Service } from "argania";
import { describe, expect, test } from "vitest";
import { RawClient, statuses } from "./raw-client.ts";
import { MemoryLogger, serve } from "./serve.ts";

function site(): { service: Service; hold: Promise<void>; release: () => void } {
  let release = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  const root = new Resource("/").setHandlerFor([
    _get.to(() => "root"),
    _post.to(async (context) => `got ${await context.request.text()}`),
  ]);
  root.subresource("/echo/{name}").setHandlerFor(_get.to(({ params }) => params.name));
  root.subresource("/held").setHandlerFor(_get.to(() => hold.then(() => "held")));
  root.subresource("/never").setHandlerFor(_get.to(() => new Promise(() => {})));
  root.subresource("/unread").setHandlerFor(_post.to(() => "unread"));
  return { service: root.intoService({ logger: new MemoryLogger() }), hold, release };
}

describe("limits", () => {
  test.each([
    ["nothing", ""],
    ["half a head", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "],
  ])("headersTimeout: %s gets 408, and others are served", async (_, begin) => {
    const { port } = await serve(site().service, new Server().withLimits({ headersTimeout: 100 }));
    const slow = (await RawClient.connect(port)).send(begin);
    const received = await slow.all();
    expect(received).toMatch(/^HTTP\/1\.1 408 [\s\S]*Connection: close/i);
    expect(await (await RawClient.connect(port)).get("/", "Connection: close").all()).toMatch(/root$/);
  });

  test("requestTimeout: half a body gets 408", async () => {
    const limits = { requestTimeout: 150, headersTimeout: 100 };
    const { port } = await serve(site().service, new Server().withLimits(limits));
    const slow = await RawClient.connect(port);
    slow.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
    expect(statuses(await slow.all())).toEqual([408]);
  });

  test("keepAliveTimeout: an idle connection ends", async () => {
    const { port } = await serve(site().service, new Server().withLimits({ keepAliveTimeout: 50 }));
    expect(statuses(await (await RawClient.connect(port)).get("/").all())).toEqual([200]);
  });

  test("handlerTimeout: a handler that does not settle gets 503", async () => {
    const { port } = await serve(site().service, new Server().withLimits({ handlerTimeout: 50 }));
    const client = (await RawClient.connect(port)).get("/never", "Connection: close");
    expect(await client.all()).toMatch(/^HTTP\/1\.1 503[\s\S]*ARGANIA_HANDLER_TIMEOUT/);
  });

  test("maxHeaderSize: 431, even while the client is still sending", async () => {
    const { port } = await serve(site().service, new Server().withLimits({ maxHeaderSize: 2_000 }));
    const client = (await RawClient.connect(port)).send(`GET / HTTP/1.1\r\nX: ${"a".repeat(500_000)}`);
    expect(await client.all()).toMatch(/^HTTP\/1\.1 431 [\s\S]*Connection: close/);
  });

  test("maxHeadersCount: 431 instead of headers that silently disappear", async () => {
    const { port } = await serve(site().service, new Server().withLimits({ maxHeadersCount: 40 }));
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: 1`);
    const client = await RawClient.connect(port);
    await client.get("/", ...lines(39)).until(/root$/);
    expect(statuses(await client.get("/", ...lines(40)).all())).toEqual([200, 431]);
    const long = await RawClient.connect(port);
    expect(statuses(await long.get("/", ...lines(300)).all())).toEqual([431]);
  });

  test("maxConnections: a further one is closed, the others go on", async () => {
    const { port } = await serve(site().service, new Server().withLimits({ maxConnections: 1 }));
    const first = await RawClient.connect(port);
    await first.get("/").until(/root$/);
    const second = await RawClient.connect(port);
    expect(await second.all()).toBe("");
    first.get("/echo/still", "Connection: close");
    expect(await first.all()).toMatch(/still$/);
  });

  test("maxRequestsPerSocket: the last response closes", async () => {
    const { port } = await serve(site().service, new Server().withLimits({ maxRequestsPerSocket: 2 }));
    const client = await RawClient.connect(port);
    await client.get("/").until(/root$/);
    expect(await client.get("/").all()).toMatch(/Connection: close[\s\S]*root$/);
  });

  test("0 is without limit", async () => {
    const none = {
      headersTimeout: 0,
      requestTimeout: 0,
      handlerTimeout: 0,
      maxHeadersCount: 0,
      maxHeaderSize: 0,
    };
    const { port } = await serve(site().service, new Server().withLimits(none));
    const lines = Array.from({ length: 300 }, (_, index) => `X-${index}: 1`);
    const client = (await RawClient.connect(port)).get("/", ...lines, "Connection: close");
    expect(await client.all()).toMatch(/root$/);
  });
});

describe("what is no request", () => {
  test.each([
    ["garbage", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400]],
    ["an unknown method", "FOO / HTTP/1.1\r\nHost: x\r\n\r\n", [400]],
    ["a malformed chunk", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", [400]],
    [
      "an endless chunk extension",
      `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;${"a".repeat(20_000)}`,
      [413],
    ],
    ["CONNECT", "CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com\r\n\r\n", [400]],
    ["an expectation nobody can meet", "GET / HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n\r\n", [417]],
    [
      "a malformed chunk behind a pipelined request",
      "GET /never HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
      [],
    ],
  ])("%s is answered, the connection closed, others unharmed", async (_, bytes, expected) => {
    const { port } = await serve(site().service);
    const other = await RawClient.connect(port);
    await other.get("/").until(/root$/);
    const client = (await RawClient.connect(port)).send(bytes);
    const received = await client.all();
    expect(statuses(received)).toEqual(expected);
    expect(received).toMatch(expected.length === 0 ? /^$/ : /Connection: close/i);
    expect(await other.get("/echo/alive", "Connection: close").all()).toMatch(/alive$/);
  });

  test("garbage on a kept connection is answered", async () => {
    const { port } = await serve(site().service);
    const client = await RawClient.connect(port);
    await client.get("/").until(/root$/);
    expect(statuses(await client.send("\x00\x00").all())).toEqual([200, 400]);
  });

  test("nothing is answered behind a response that closes", async () => {
    const { service, release } = site();
    const { port } = await serve(service);
    for (const path of ["/", "/held"]) {
      const client = (await RawClient.connect(port)).get(path, "Connection: close").get("/echo/more");
      setTimeout(release, 50);
      expect(statuses(await client.all())).toEqual([200]);
    }
  });

  test("garbage behind a request in flight: that is answered, then the connection closes", async () => {
    const { service, release } = site();
    const { port } = await serve(service);
    const client = (await RawClient.connect(port)).get("/held").send("\x00\x00garbage");
    setTimeout(release, 100);
    const received = await client.all();
    expect(statuses(received)).toEqual([200]);
    expect(received).toMatch(/Connection: close[\s\S]*held$/);
  });

  test("and however often more of it comes, the response is listened to once", async () => {
    const { service, release } = site();
    const responses: ServerResponse[] = [];
    const watched: Service = {
      ...service,
      createNodeListener: (options) => {
        const listener = service.createNodeListener(options);
        return (request, response) => {
          responses.push(response as unknown as ServerResponse);
          listener(request, response);
        };
      },
    };
    const { port } = await serve(watched);
    const client = (await RawClient.connect(port)).get("/held");
    await expect.poll(() => responses.length).toBe(1);
    const response = responses[0] as ServerResponse;
    const before = response.listenerCount("finish");
    for (let round = 0; round < 20; round++) {
      client.send("garbage");
      await expect.poll(() => response.socket?.bytesRead, { interval: 1 }).toBe(client.socket.bytesWritten);
    }
    expect(response.listenerCount("finish")).toBe(before + 1);
    release();
    expect(statuses(await client.all())).toEqual([200]);
  });

  test("a malformed body of a request whose response is under way cuts the connection", async () => {
    const root = new Resource("/").setHandlerFor(
      _post.to(async function* () {
        yield "begun";
        await new Promise(() => {});
      }),
    );
    const { port } = await serve(root.intoService());
    const client = await RawClient.connect(port);
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    await client.until(/begun/);
    expect(await client.send("ZZ\r\n").all()).not.toMatch(/0\r\n\r\n$/);
  });

  test("a reset touches nobody else", async () => {
    const { port } = await serve(site().service);
    const other = await RawClient.connect(port);
    for (const text of ["", "GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"]) {
      const client = (await RawClient.connect(port)).send(text);
      await new Promise((resolve) => setTimeout(resolve, 20));
      client.socket.resetAndDestroy();
    }
    expect(await other.get("/", "Connection: close").all()).toMatch(/root$/);
  });
});

describe("requests out of the ordinary", () => {
  test("an upgrade that nobody handles is an ordinary request", async () => {
    const { port } = await serve(site().service);
    const client = await RawClient.connect(port);
    client.get("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk");
    await client.until(/200 OK[\s\S]*root$/);
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(statuses(await client.all())).toEqual([200, 200]);
  });

  test("100 Continue is sent when the body is read", async () => {
    const { port } = await serve(site().service);
    const client = await RawClient.connect(port);
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send("body");
    await client.until(/200 OK[\s\S]*got body$/);
    client.close();
  });

  test("100 Continue is not sent when the body is not read, and the connection closes", async () => {
    const { port } = await serve(site().service);
    const client = await RawClient.connect(port);
    client.send("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    const received = await client.all();
    expect(statuses(received)).toEqual([200]);
    expect(received).toMatch(/Connection: close/i);
  });

  test("pipelined requests are answered in order", async () => {
    const { port } = await serve(site().service);
    const client = (await RawClient.connect(port))
      .get("/echo/1")
      .get("/echo/2")
      .get("/echo/3", "Connection: close");
    expect([...(await client.all()).matchAll(/\r\n\r\n(\d)/g)].map(([, body]) => body)).toEqual([
      "1",
      "2",
      "3",
    ]);
  });

  test("P05: a client that closes its side with the request is answered", async () => {
    const { port } = await serve(site().service);
    const client = await RawClient.connect(port);
    client.socket.end("GET /echo/x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await client.all()).toMatch(/200 OK[\s\S]*x$/);
  });

  test("P07: one byte at a time", async () => {
    const { port } = await serve(site().service);
    const client = await RawClient.connect(port);
    client.socket.setNoDelay(true);
    for (const byte of 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{"a":1}') {
      client.send(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.all()).toMatch(/got \{"a":1\}$/);
  });

  test("each of several pipelined requests learns that the client has gone away", async () => {
    const aborted: string[] = [];
    const root = new Resource("/");
    root.subresource("/{name}").setHandlerFor(
      _get.to(({ params, signal }) => {
        signal.addEventListener("abort", () => aborted.push(params.name));
        return new Promise(() => {});
      }),
    );
    const { port } = await serve(root.intoService());
    const client = (await RawClient.connect(port)).get("/a").get("/b").get("/c");
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.close();
    await expect.poll(() => aborted.sort()).toEqual(["a", "b", "c"]);
  });
});
