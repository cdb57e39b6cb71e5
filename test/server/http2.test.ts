import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { _get, _post, type ErrorReport, LightResponse, Resource, Server, type ServerLimits } from "argania";
import { describe, expect, onTestFinished, test } from "vitest";
import { RawClient } from "./raw-client.ts";
import { serve, testTls } from "./serve.ts";

const reports: ErrorReport[] = [];
const events: string[] = [];

function site() {
  events.length = 0;
  reports.length = 0;
  const root = new Resource("/").setHandlerFor([
    _get.to((context) => `${context.url.href} ${context.header("cookie") ?? ""}`),
    _post.to(async (context) => `got ${await context.request.text()}`),
  ]);
  root.subresource("/cookies").setHandlerFor(
    _get.to(() => {
      const response = new LightResponse("set", {
        headers: { connection: "close", "transfer-encoding": "chunked" },
      });
      response.headers.append("set-cookie", "a=1");
      response.headers.append("set-cookie", "b=2");
      response.headers.append("set-cookie", "c=3");
      return response;
    }),
  );
  root.subresource("/events").setHandlerFor(
    _get.to(async function* ({ signal }) {
      signal.addEventListener("abort", () => events.push("aborted"));
      try {
        for (;;) {
          yield "tick";
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      } finally {
        events.push("returned");
      }
    }),
  );
  root.subresource("/half").setHandlerFor(
    _get.to(async function* () {
      yield "half";
      throw new Error("no more");
    }),
  );
  root.subresource("/never").setHandlerFor(
    _get.to(({ signal }) => {
      events.push("begun");
      signal.addEventListener("abort", () => events.push("aborted"));
      return new Promise(() => {});
    }),
  );
  root.subresource("/late").setHandlerFor(
    _get.to(async (context) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      events.push(`late ${context.signal.aborted}`);
      return (async function* () {
        yield "never taken";
      })();
    }),
  );
  root.subresource("/body").setHandlerFor(
    _post.to(async ({ request }) => {
      try {
        return await request.text();
      } catch {
        events.push("incomplete");
        return "";
      }
    }),
  );
  return root.intoService({ logger: { error: (report) => void reports.push(report) } });
}

async function start(limits: Partial<ServerLimits> = {}, tls = false) {
  const server = new Server().withHttp2().withLimits(limits);
  const handle = await serve(site(), tls ? server.withTls(testTls()) : server);
  const session = connect(handle.url, { rejectUnauthorized: false });
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  return { ...handle, session };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
  readonly code: number | undefined;
}

function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve) => {
    let headers: Record<string, unknown> = {};
    let body = "";
    stream.on("response", (received) => {
      headers = received;
    });
    stream.on("data", (chunk) => {
      body += chunk;
    });
    stream.on("error", () => {});
    stream.on("close", () =>
      resolve({ status: Number(headers[":status"]), headers, body, code: stream.rstCode }),
    );
  });
}

function get(session: ClientHttp2Session, path: string, headers: Record<string, string | string[]> = {}) {
  return session.request({ ":path": path, ...headers });
}

describe.each([false, true])("HTTP/2 (TLS: %j)", (tls) => {
  test("requests, and HTTP/1.1 on the same port", async () => {
    const { session, url, port } = await start({}, tls);
    const scheme = tls ? "https" : "http";
    const answer = await answerOf(get(session, "/", { cookie: ["a=1", "b=2"] }));
    expect(answer).toMatchObject({ status: 200, body: `${scheme}://127.0.0.1:${port}/ a=1; b=2`, code: 0 });
    if (!tls) {
      expect(await (await fetch(url)).text()).toBe(`http://127.0.0.1:${port}/ `);
    }
  });

  test(":authority is the host, whatever Host says", async () => {
    const { session } = await start({}, tls);
    const answer = await answerOf(get(session, "/", { ":authority": "api.example.com", host: "evil.com" }));
    expect([200, 400]).toContain(answer.status);
    expect(answer.body).not.toContain("evil.com");
  });

  test("HEAD, several cookies, no connection headers", async () => {
    const { session } = await start({}, tls);
    const { headers } = await answerOf(get(session, "/cookies"));
    expect(headers["set-cookie"]).toEqual(["a=1", "b=2", "c=3"]);
    expect(headers.connection).toBeUndefined();
    expect(headers["transfer-encoding"]).toBeUndefined();
    const head = await answerOf(get(session, "/cookies", { ":method": "HEAD" }));
    expect(head).toMatchObject({ status: 200, body: "", headers: { "content-length": "3" } });
    expect((await answerOf(get(session, "/none"))).status).toBe(404);
  });

  test("bodies, and Expect: 100-continue", async () => {
    const { session } = await start({}, tls);
    const plain = session.request({ ":method": "POST", ":path": "/" });
    plain.end("body");
    expect((await answerOf(plain)).body).toBe("got body");
    const expecting = session.request({ ":method": "POST", ":path": "/", expect: "100-continue" });
    await new Promise((resolve) => expecting.once("continue", resolve));
    expecting.end("later");
    expect((await answerOf(expecting)).body).toBe("got later");
  });

  test("a response that fails half-way is reset", async () => {
    const { session } = await start({}, tls);
    const answer = await answerOf(get(session, "/half"));
    expect(answer).toMatchObject({ status: 200, code: constants.NGHTTP2_INTERNAL_ERROR });
    expect(reports).toHaveLength(1);
    expect((await answerOf(get(session, "/"))).status).toBe(200);
  });

  test("a reset stream aborts its signal and returns its generator", async () => {
    const { session } = await start({}, tls);
    const stream = get(session, "/events");
    stream.once("data", () => stream.close(constants.NGHTTP2_CANCEL));
    await answerOf(stream);
    await expect.poll(() => events.slice().sort()).toEqual(["aborted", "returned"]);
    expect((await answerOf(get(session, "/"))).status).toBe(200);
  });

  test("the session's end aborts all of its requests", async () => {
    const { session } = await start({}, tls);
    answerOf(get(session, "/never"));
    answerOf(get(session, "/never"));
    await expect.poll(() => events.length).toBe(2);
    session.destroy();
    await expect.poll(() => events).toEqual(["begun", "begun", "aborted", "aborted"]);
  });

  test("an answer to a stream that is gone harms nobody, and its signal tells", async () => {
    const { session } = await start({}, tls);
    const stream = get(session, "/late");
    stream.on("error", () => {});
    stream.once("ready", () => setImmediate(() => stream.close(constants.NGHTTP2_CANCEL)));
    await expect.poll(() => events).toEqual(["late true"]);
    expect((await answerOf(get(session, "/"))).status).toBe(200);
    expect(reports).toEqual([]);
  });
});

describe("HTTP/2 limits", () => {
  test("a body that does not have its declared length never looks complete", async () => {
    const { session } = await start();
    const stream = session.request({ ":method": "POST", ":path": "/body", "content-length": "5" });
    stream.write("x".repeat(100));
    stream.end();
    const answer = await answerOf(stream);
    expect(answer.code).not.toBe(0);
    expect(answer.body).toBe("");
  });

  test("a body that is cut off never looks complete", async () => {
    const { session, port } = await start();
    const stream = session.request({ ":method": "POST", ":path": "/body" });
    stream.on("error", () => {});
    stream.write("half");
    await expect.poll(() => session.state.outboundQueueSize).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    session.destroy();
    await expect.poll(() => events).toEqual(["incomplete"]);
    // SETTINGS, HEADERS (POST http /body), DATA "half", RST_STREAM CANCEL: no end of the stream in between.
    const path = "\x83\x86\x44\x05/body\x41\x01x";
    const frame = (type: number, flags: number, id: number, payload: string) =>
      String.fromCharCode(0, 0, payload.length, type, flags, 0, 0, 0, id) + payload;
    const client = await RawClient.connect(port);
    client.send(
      `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame(4, 0, 0, "")}${frame(1, 4, 1, path)}${frame(0, 0, 1, "half")}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.send(frame(3, 0, 1, "\0\0\0\x08"));
    await expect.poll(() => events).toEqual(["incomplete", "incomplete"]);
    client.close();
  });

  test("headersTimeout: a connection that sends nothing, or only a preface, ends", async () => {
    const { port } = await start({ headersTimeout: 100 });
    const begun = (await RawClient.connect(port)).send("PRI * HT");
    expect(await begun.all()).toMatch(/^HTTP\/1\.1 408 /);
    const preface = (await RawClient.connect(port)).send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    await preface.ended;
    preface.close();
  });

  test("requestTimeout: an unfinished request gets 408", async () => {
    const { session } = await start({ requestTimeout: 100, headersTimeout: 100 });
    const stream = session.request({ ":method": "POST", ":path": "/body" });
    stream.write("half");
    const answer = await answerOf(stream);
    expect(answer.status).toBe(408);
    await expect.poll(() => events).toEqual(["incomplete"]);
  });

  test("requestTimeout: an unfinished request whose answer has begun is ended, a finished one goes on", async () => {
    const { session } = await start({ requestTimeout: 100, headersTimeout: 100 });
    const unfinished = session.request({ ":method": "GET", ":path": "/events" }, { endStream: false });
    const finished = session.request({ ":method": "GET", ":path": "/events" }, { endStream: false });
    finished.end();
    let ticks = 0;
    finished.on("data", () => ticks++);
    await answerOf(unfinished);
    const before = ticks;
    await expect.poll(() => ticks).toBeGreaterThan(before + 5);
  });

  test("http2IdleTimeout: an idle session is told to go away", async () => {
    const { session } = await start({ http2IdleTimeout: 100 });
    await answerOf(get(session, "/"));
    expect(await new Promise((resolve) => session.once("goaway", resolve))).toBe(0);
    await new Promise((resolve) => (session.closed ? resolve(0) : session.once("close", resolve)));
  });

  test("maxHeaderSize and maxHeadersCount", async () => {
    const { session } = await start({ maxHeaderSize: 2_000, maxHeadersCount: 20 });
    // Limits hold once the client knows them.
    await new Promise((resolve) => session.once("remoteSettings", resolve));
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x-${index}`, "1"]));
    for (const headers of [{ "x-long": "a".repeat(3_000) }, many] as Record<string, string>[]) {
      const answer = await answerOf(get(session, "/", headers));
      expect(answer.status).not.toBe(200);
    }
  });

  test("maxConcurrentStreams is announced", async () => {
    const { session } = await start({ maxConcurrentStreams: 7 });
    await answerOf(get(session, "/"));
    expect(session.remoteSettings.maxConcurrentStreams).toBe(7);
  });

  test("0 is without limit", async () => {
    const none = { headersTimeout: 0, requestTimeout: 0, http2IdleTimeout: 0, maxConcurrentStreams: 0 };
    const { session } = await start({ ...none, maxHeaderSize: 0, maxHeadersCount: 0 });
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, "1"]));
    expect((await answerOf(get(session, "/", many))).status).toBe(200);
  });

  test("Q01: rapid reset ends the connection that does it, and only that", async () => {
    const { session, url } = await start();
    const other = connect(url);
    onTestFinished(() => other.destroy());
    expect((await answerOf(get(other, "/"))).status).toBe(200);
    const closed = new Promise((resolve) => session.once("close", resolve));
    for (let round = 0; round < 200 && !session.destroyed && !session.closed; round++) {
      for (let index = 0; index < 100 && !session.destroyed && !session.closed; index++) {
        const stream = get(session, "/never");
        stream.on("error", () => {});
        stream.close(constants.NGHTTP2_CANCEL);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
    expect((await answerOf(get(other, "/"))).status).toBe(200);
  });

  test("Q03: frames that break the protocol end their connection, and only that", async () => {
    const { session, port } = await start();
    const client = await RawClient.connect(port);
    const settings = "\x00\x00\x00\x04\x00\x00\x00\x00\x00";
    const windowUpdate = "\x00\x00\x04\x08\x00\x00\x00\x00\x00\x7f\xff\xff\xff";
    client.send(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${settings}${windowUpdate}${windowUpdate}`);
    await client.ended;
    client.close();
    expect((await answerOf(get(session, "/"))).status).toBe(200);
  });

  test("a reset while the protocol is being chosen touches nobody else", async () => {
    const { session, port } = await start();
    for (const text of ["", "PRI"]) {
      const client = (await RawClient.connect(port)).send(text);
      await new Promise((resolve) => setTimeout(resolve, 20));
      client.socket.resetAndDestroy();
      const half = (await RawClient.connect(port)).send(text);
      half.socket.end();
      await half.ended;
      half.close();
    }
    const split = await RawClient.connect(port);
    split.send("P");
    await new Promise((resolve) => setTimeout(resolve, 20));
    split.send("OST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    expect(await split.all()).toMatch(/got ok$/);
    expect((await answerOf(get(session, "/"))).status).toBe(200);
  });

  test("a drain begun by close(): requests on their way are answered, sessions end, streams finish", async () => {
    const handle = await new Server().withHttp2().serve(site(), "127.0.0.1:0");
    const session = connect(handle.url);
    await answerOf(get(session, "/"));
    const closed = handle.close();
    expect((await answerOf(get(session, "/"))).status).toBe(200);
    await closed;
  });

  test("what is left after the grace period is cut off", async () => {
    const handle = await new Server().withHttp2().withGracefulShutdown(300).serve(site(), "127.0.0.1:0");
    const session = connect(handle.url);
    session.on("error", () => {});
    const answer = answerOf(get(session, "/events"));
    await expect.poll(() => session.connecting).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await handle.close();
    expect((await answer).code).not.toBe(0);
    await expect.poll(() => events.slice().sort()).toEqual(["aborted", "returned"]);
  });
});
