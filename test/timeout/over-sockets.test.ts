import { once } from "node:events";
import { connect } from "node:http2";
import { createConnection } from "node:net";
import { _get, _post, _requestReceiver, type RequestContext, Resource, Server, textBody } from "argania";
import { TimeoutLayer } from "argania/middleware";
import { webSocketUpgrade } from "argania/websocket";
import { describe, expect, test } from "vitest";
import { serve } from "../server/serve.ts";

const LIMIT = 50;

/** Settles when the signal of a request is aborted. */
function abortOf({ signal }: RequestContext): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
}

function site() {
  const seen: { reason?: Promise<unknown>; isClosed: boolean; release: () => void } = {
    isClosed: false,
    release: () => {},
  };
  const root = new Resource("/").addLayerTo(_requestReceiver(new TimeoutLayer(LIMIT)));
  root.setHandlerFor(_get.to(() => "root"));
  root.subresource("/slow").setHandlerFor(
    _get.to((context) => {
      seen.reason = abortOf(context);
      return new Promise<string>(() => {});
    }),
  );
  root.subresource("/late").setHandlerFor(
    _get.to(async () => {
      await new Promise<void>((resolve) => {
        seen.release = resolve;
      });
      return new ReadableStream({
        cancel() {
          seen.isClosed = true;
        },
      });
    }),
  );
  root.subresource("/body").setHandlerFor(_post.to([textBody], (text) => text));
  root.subresource("/stream").setHandlerFor(
    _get.to(async function* (context) {
      yield "a";
      await new Promise((resolve) => setTimeout(resolve, 3 * LIMIT));
      yield String(context.signal.aborted);
    }),
  );
  root.subresource("/socket").setHandlerFor(
    _get.to([webSocketUpgrade()], (upgrade, context) =>
      upgrade(async (socket) => {
        await new Promise((resolve) => setTimeout(resolve, 3 * LIMIT));
        await socket.send(String(context.signal.aborted));
      }),
    ),
  );
  return { service: root.intoService({ logger: { error() {} } }), seen };
}

describe("over HTTP/1.1", () => {
  test("a slow handler is a 503 with its signal aborted, and the connection goes on", async () => {
    const { service, seen } = site();
    const { url } = await serve(service);
    const response = await fetch(`${url}/slow`);
    expect(response.status).toBe(503);
    expect(await seen.reason).toMatchObject({ name: "TimeoutError" });
    await response.text();
    expect(await (await fetch(url)).text()).toBe("root");
  });

  test("a late body is closed", async () => {
    const { service, seen } = site();
    const { url } = await serve(service);
    expect((await fetch(`${url}/late`)).status).toBe(503);
    seen.release();
    await expect.poll(() => seen.isClosed).toBe(true);
  });

  test("a client that is slow with its body", async () => {
    const { service } = site();
    const { port } = await serve(service);
    const socket = createConnection(port, "127.0.0.1");
    socket.write("POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nab");
    const [chunk] = (await once(socket, "data")) as [Buffer];
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 503 /);
    socket.destroy();
  });

  test("a stream that has begun in time may take longer", async () => {
    const { service } = site();
    const { url } = await serve(service);
    expect(await (await fetch(`${url}/stream`)).text()).toBe("afalse");
  });

  test("a WebSocket that was opened in time goes on", async () => {
    const { service } = site();
    const { port } = await serve(service);
    const { default: WebSocket } = await import("ws");
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`);
    const [message] = (await once(socket, "message")) as [Buffer];
    expect(String(message)).toBe("false");
    socket.close();
  });

  test("a client that goes away is told to the handler as such", async () => {
    const { service, seen } = site();
    const { url } = await serve(service);
    const client = new AbortController();
    const asked = fetch(`${url}/slow`, { signal: client.signal });
    await expect.poll(() => seen.reason).toBeDefined();
    client.abort();
    await expect(asked).rejects.toThrow();
    expect(await seen.reason).toBeInstanceOf(DOMException);
  });
});

test("over HTTP/2", async () => {
  const { service, seen } = site();
  const { port } = await serve(service, new Server().withHttp2());
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ":path": "/slow" });
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  expect(headers[":status"]).toBe(503);
  expect(await seen.reason).toMatchObject({ name: "TimeoutError" });
  stream.resume();
  session.close();
});
