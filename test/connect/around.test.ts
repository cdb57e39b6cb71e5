import { get } from "node:http";
import {
  _get,
  _head,
  _post,
  _requestHandler,
  _requestReceiver,
  around,
  json,
  Resource,
  respond,
  withTrailers,
} from "argania";
import {
  type ConnectMiddleware,
  ConnectMiddlewareError,
  connectLayer,
  nodeRequest,
  nodeResponse,
} from "argania/connect";
import { EventStream } from "argania/sse";
import { webSocketUpgrade } from "argania/websocket";
import compression from "compression";
import helmet from "helmet";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { eventually, serveTree } from "./serve-tree.ts";

// biome-ignore lint/suspicious/noExplicitAny: whatever Node's response takes
type Any = any;

describe("layers of Connect around other things", () => {
  it("let streams without patches go their own way, trailers and lengths included", async () => {
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(connectLayer(helmet())));
    root.setHandlerFor(
      _get.to(() =>
        respond(
          { "content-length": "3" },
          (async function* () {
            yield "abc";
          })(),
        ),
      ),
    );
    const { url } = await serveTree(root);
    const response = await fetch(url);
    expect([response.headers.get("content-length"), response.headers.get("x-frame-options")]).toEqual([
      "3",
      "SAMEORIGIN",
    ]);
    expect(await response.text()).toBe("abc");
  });

  it("send events at once through a compressor", async () => {
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(connectLayer(compression())));
    let more = () => {};
    root.setHandlerFor(
      _get.to(
        () =>
          new EventStream(
            (async function* () {
              yield { data: "one" };
              await new Promise<void>((resolve) => {
                more = resolve;
              });
              yield { data: "two" };
            })(),
          ),
      ),
    );
    const { url } = await serveTree(root);
    const response = await fetch(url, { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    let text = "";
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      if (text.includes("one")) {
        more();
      }
    }
    expect(text).toBe("data:one\n\ndata:two\n\n");
  });

  it("stand around a WebSocket", async () => {
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(connectLayer(helmet(), compression())));
    root.setHandlerFor(
      _get.to([webSocketUpgrade()], (upgrade) =>
        upgrade(async (socket) => {
          await socket.send("hello");
          await socket.close();
        }),
      ),
    );
    const { url } = await serveTree(root);
    const socket = new WebSocket(url.replace("http", "ws"));
    const headers: unknown[] = [];
    socket.on("upgrade", (response) => headers.push(response.headers["x-frame-options"]));
    const message = await new Promise((resolve, reject) => {
      socket.on("message", (data) => resolve(String(data)));
      socket.on("error", reject);
    });
    expect([message, headers]).toEqual(["hello", ["SAMEORIGIN"]]);
    socket.terminate();
  });

  it("may stand inside of each other, and of what calls next twice", async () => {
    const root = new Resource("/");
    const mark =
      (name: string): ConnectMiddleware =>
      (request: Any, response, next) => {
        request.marks = [...(request.marks ?? []), name];
        response.setHeader(`x-${name}`, request.url);
        next();
      };
    const twice = around(async (_context, next) => {
      await (await next()).text();
      return next();
    });
    root.addLayerTo(_requestReceiver([twice, connectLayer(mark("a"), mark("b"))]));
    const inner = root.subresource("/x/{y}");
    inner.addLayerTo(_requestHandler(connectLayer(mark("c"))));
    inner.setHandlerFor(
      _get.to((context) => {
        nodeResponse(context)?.setHeader("x-d", "1");
        return json(nodeRequest<{ marks: string[] }>(context).marks);
      }),
    );
    const response = await root.intoService().request("/x/y?z");
    expect(await response.json()).toEqual(["a", "b", "c", "a", "b", "c"]);
    expect(["a", "b", "c", "d"].map((name) => response.headers.get(`x-${name}`))).toEqual([
      "/x/y?z",
      "/x/y?z",
      "/?z",
      "1",
    ]);
  });

  it("give the request of Node without any layer", async () => {
    const root = new Resource("/");
    root.setHandlerFor([
      _get.to((context) => json([nodeRequest(context).httpVersion, nodeResponse(context) === undefined])),
      _head.to(() => null),
      _post.to(() => {
        throw new ConnectMiddlewareError(400, { message: "no", expose: true, headers: { "x-a": 1 } });
      }),
    ]);
    const { url, service } = await serveTree(root);
    expect(await (await fetch(url)).json()).toEqual(["1.1", true]);
    expect(await (await service.request("/")).json()).toEqual(["1.1", true]);
    const failed = await service.request("/", { method: "POST" });
    expect([failed.status, failed.headers.get("x-a"), await failed.text()]).toEqual([
      400,
      "1",
      expect.stringContaining("no"),
    ]);
  });

  it("break a response off whose stream fails behind a compressor", async () => {
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(connectLayer(compression())));
    const failing = async function* () {
      yield "x".repeat(100_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error("broken");
    };
    root.setHandlerFor(_get.to(() => respond({ "content-type": "text/plain" }, failing())));
    const { url, logged } = await serveTree(root);
    const ask = async () => (await fetch(url, { headers: { "accept-encoding": "gzip" } })).text();
    await expect(ask()).rejects.toThrow();
    await eventually(() => logged.length === 1);
  });

  it("that hold a response back still have their headers on errors", async () => {
    const root = new Resource("/");
    const holding: ConnectMiddleware = (_request, response: Any, next) => {
      const { end } = response;
      response.setHeader("x-held", ["1", "2"]);
      response.end = (chunk: Any) => {
        setTimeout(() => end.call(response, chunk), 5);
        return response;
      };
      next();
    };
    root.addLayerTo(_requestReceiver(connectLayer(holding)));
    root.setHandlerFor(_get.to(() => "held"));
    const { url } = await serveTree(root);
    expect(await (await fetch(url)).text()).toBe("held");
    const missing = await fetch(`${url}/none`);
    expect([missing.status, missing.headers.get("x-held")]).toEqual([404, "1, 2"]);
    expect(await missing.text()).toContain("ARGANIA_NOT_FOUND_RESOURCE");
  });

  it("leave the trailers of a body behind it", async () => {
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(connectLayer(compression())));
    const rows = async function* () {
      yield "x".repeat(2_000);
    };
    root.setHandlerFor(
      _get.to(() => withTrailers(respond({ "content-type": "text/plain" }, rows()), { "x-rows": "1" })),
    );
    const { url } = await serveTree(root);
    const trailers = await new Promise((resolve, reject) => {
      get(url, { headers: { "accept-encoding": "gzip" } }, (response) => {
        response.resume();
        response.on("end", () => resolve([response.headers["content-encoding"], response.trailers]));
      }).on("error", reject);
    });
    expect(trailers).toEqual(["gzip", { "x-rows": "1" }]);
  });
});
