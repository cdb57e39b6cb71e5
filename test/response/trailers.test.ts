import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import {
  _get,
  json,
  LightResponse,
  Resource,
  respond,
  Server,
  type Service,
  StatusCode,
  withTrailers,
} from "argania";
import { describe, expect, onTestFinished, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { MemoryLogger, serve, testTls } from "../server/serve.ts";

async function* numbers(): AsyncGenerator<string> {
  yield "1";
  await new Promise((resolve) => setTimeout(resolve, 10));
  yield "2";
}

function site(logger = new MemoryLogger()): Service {
  const root = new Resource("/");
  const trailers = { "X-Sum": () => "3", "x-constant": "c" };
  root.subresource("/text").setHandlerFor(_get.to(() => withTrailers("12", trailers)));
  root.subresource("/generator").setHandlerFor(_get.to(() => withTrailers(numbers(), trailers)));
  root
    .subresource("/stream")
    .setHandlerFor(_get.to(() => withTrailers(new Response("12").body as ReadableStream, trailers)));
  root.subresource("/nothing").setHandlerFor(_get.to(() => withTrailers(null, trailers)));
  root.subresource("/no-content").setHandlerFor(_get.to(() => withTrailers(StatusCode.NO_CONTENT, trailers)));
  root
    .subresource("/length")
    .setHandlerFor(
      _get.to(() => withTrailers(new LightResponse("12", { headers: { "content-length": "2" } }), trailers)),
    );
  root
    .subresource("/length-outside")
    .setHandlerFor(_get.to(() => respond({ "content-length": "2" }, withTrailers("12", trailers))));
  root.subresource("/failing").setHandlerFor(
    _get.to(() =>
      withTrailers("12", {
        "x-sum": () => {
          throw new Error("no sum");
        },
      }),
    ),
  );
  return root.intoService({ logger });
}

async function fetchAll(port: number, path: string): Promise<{ message: IncomingMessage; body: string }> {
  const [message] = (await once(get({ port, path, host: "127.0.0.1" }), "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of message) {
    body += String(chunk);
  }
  return { message, body };
}

describe("over HTTP/1.1", () => {
  test.each(["/text", "/generator", "/stream", "/length", "/length-outside"])("%s", async (path) => {
    const { port } = await serve(site());
    const { message, body } = await fetchAll(port, path);
    expect(body).toBe("12");
    expect(message.headers.trailer).toBe("x-sum, x-constant");
    expect(message.headers["content-length"]).toBeUndefined();
    expect(message.trailers).toEqual({ "x-sum": "3", "x-constant": "c" });
  });

  test("nothing but trailers", async () => {
    const { port } = await serve(site());
    const { message, body } = await fetchAll(port, "/nothing");
    expect([body, message.trailers["x-sum"]]).toEqual(["", "3"]);
  });

  test("a status without a body has none", async () => {
    const { port } = await serve(site());
    const { message } = await fetchAll(port, "/no-content");
    expect([message.statusCode, message.headers.trailer]).toEqual([204, undefined]);
  });

  test.each(["HEAD /text HTTP/1.1", "GET /text HTTP/1.0"])("%s goes without", async (line) => {
    const { port } = await serve(site());
    const client = await RawClient.connect(port);
    const all = await client.send(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`).all();
    expect(all).toMatch(/^HTTP\/1\.1 200 /);
    expect(all.toLowerCase()).not.toContain("trailer");
    expect(all).not.toContain("x-sum");
  });

  test("a value that cannot be had breaks the connection off", async () => {
    const logger = new MemoryLogger();
    const { port } = await serve(site(logger));
    await expect(fetchAll(port, "/failing")).rejects.toThrow();
    expect(logger.reports.map(({ err }) => (err as Error).message)).toEqual(["no sum"]);
  });

  test("a handler's own Trailer header without trailers is left out", async () => {
    const service = new Resource("/")
      .setHandlerFor(_get.to(() => new LightResponse("x", { headers: { trailer: "x-sum" } })))
      .intoService();
    const { port } = await serve(service);
    const { message, body } = await fetchAll(port, "/");
    expect([message.statusCode, body, message.headers.trailer]).toEqual([200, "x", undefined]);
  });
});

test("over HTTP/2", async () => {
  const { port } = await serve(site(), new Server().withTls(testTls()).withHttp2());
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  onTestFinished(() => session.close());
  const stream = session.request({ ":path": "/generator" });
  stream.resume();
  const [trailers] = (await once(stream, "trailers")) as [Record<string, string>];
  expect({ ...trailers }).toMatchObject({ "x-sum": "3", "x-constant": "c" });
});

test("service.fetch sends the body without them", async () => {
  const response = await site().request("/generator");
  expect(await response.text()).toBe("12");
});

test("a stream that waits is released when its client goes away", async () => {
  let isCancelled = false;
  const waiting = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel() {
        isCancelled = true;
      },
    });
  const service = new Resource("/")
    .setHandlerFor(_get.to(() => withTrailers(waiting(), { "x-sum": "3" })))
    .intoService();
  const { port } = await serve(service);
  const client = await RawClient.connect(port);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await client.until(/\r\n\r\n/);
  client.socket.destroy();
  await expect.poll(() => isCancelled).toBe(true);
});

test.each([
  [{ "content-length": "1" }, /"content-length" is no trailer.*respond/],
  [{ "Set-Cookie": "a=b" }, /"Set-Cookie" is no trailer/],
  [{ "bad name": "x" }, /Invalid header name/],
  [{ "bad name": () => "x" }, /Invalid header name/],
  [{ "x-a": "line\r\nbreak" }, /Invalid value/],
  [{ "x-a": 7 }, /The trailer "x-a" is a string, not/],
])("%j is refused", (trailers, message) => {
  expect(() => withTrailers(json({}), trailers as never)).toThrow(message);
});
