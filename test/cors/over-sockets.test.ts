import { once } from "node:events";
import { connect } from "node:http2";
import { _get, _put, _requestReceiver, Resource, Server } from "argania";
import { CorsLayer, CsrfLayer, SecurityHeadersLayer, TimeoutLayer } from "argania/middleware";
import { webSocketUpgrade } from "argania/websocket";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { serve } from "../server/serve.ts";
import { rawRequest, withServer } from "../support/raw-http.ts";

const GOOD = "https://good.example";

function site() {
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver([
      new SecurityHeadersLayer(),
      new CorsLayer({ origins: GOOD, exposedHeaders: ["X-A"] }),
      new CsrfLayer(),
      new TimeoutLayer(10_000),
    ]),
  );
  root.subresource("/item").setHandlerFor(
    _get.to(() => "item"),
    _put.to(async () => "put"),
  );
  root
    .subresource("/socket")
    .setHandlerFor(
      _get.to([webSocketUpgrade({ origins: "any" })], (upgrade) => upgrade((socket) => socket.send("hello"))),
    );
  return root.intoService();
}

test("over HTTP/1.1 a preflight has neither a body nor a length", async () => {
  await withServer(site(), async (port) => {
    const { status, headers, body } = await rawRequest(port, "OPTIONS", "/item", {
      origin: GOOD,
      "access-control-request-method": "PUT",
    });
    expect([status, body]).toEqual([204, ""]);
    expect(headers.has("content-length")).toBe(false);
    expect(headers.get("access-control-allow-methods")).toBe("GET, HEAD, PUT");
    // What is further out than the layer is on its answer, too.
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

test("an upgrade to a WebSocket stays as it is", async () => {
  const { port } = await serve(site());
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { origin: GOOD });
  const upgraded = once(socket, "upgrade");
  const [message] = (await once(socket, "message")) as [Buffer];
  const [{ headers }] = (await upgraded) as [{ headers: Record<string, string> }];
  expect(String(message)).toBe("hello");
  expect(Object.keys(headers).sort()).toEqual(["connection", "sec-websocket-accept", "upgrade"]);
  socket.close();
});

test("over HTTP/2", async () => {
  const { port } = await serve(site(), new Server().withHttp2());
  const session = connect(`http://127.0.0.1:${port}`);
  const ask = async (headers: Record<string, string>) => {
    const stream = session.request({ ":path": "/item", ...headers });
    stream.resume().end();
    const [answered] = (await once(stream, "response")) as [Record<string, unknown>];
    return answered;
  };
  const preflight = { ":method": "OPTIONS", origin: GOOD, "access-control-request-method": "PUT" };
  expect(await ask(preflight)).toMatchObject({
    ":status": 204,
    "access-control-allow-origin": GOOD,
    "access-control-allow-methods": "GET, HEAD, PUT",
  });
  expect(await ask({ origin: GOOD })).toMatchObject({
    ":status": 200,
    vary: "Origin",
    "access-control-allow-origin": GOOD,
    "x-frame-options": "SAMEORIGIN",
  });
  expect(await ask({ ":method": "PUT", origin: GOOD })).toMatchObject({
    ":status": 403,
    vary: "Accept, Origin",
  });
  const own = `http://127.0.0.1:${port}`;
  expect(await ask({ ":method": "PUT", origin: own })).toMatchObject({ ":status": 200 });
  session.close();
});
