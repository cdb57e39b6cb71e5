import { gunzipSync } from "node:zlib";
import {
  _get,
  _methodHandler,
  _mistargetedRequestHandler,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  json,
  Resource,
  ResponseError,
  Router,
  respond,
} from "argania";
import { connectLayer } from "argania/connect";
import compression from "compression";
import cors from "cors";
import helmet from "helmet";
import morgan from "morgan";
import { describe, expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

describe("helmet", () => {
  const layer = connectLayer(helmet());

  it.each([
    ["receiver", "/a", (root: Resource) => root.addLayerTo(_requestReceiver(layer))],
    ["passer", "/a", (root: Resource) => root.addLayerTo(_requestPasser(layer))],
    ["request handler", "/a", (root: Resource) => root.subresource("/a").addLayerTo(_requestHandler(layer))],
    [
      "method handler",
      "/a",
      (root: Resource) => root.subresource("/a").addLayerTo(_methodHandler("GET", layer)),
    ],
    ["mistargeted", "/no", (root: Resource) => root.addLayerTo(_mistargetedRequestHandler(layer))],
  ])("works on a %s, over a socket and in process", async (_, path, add) => {
    const root = new Resource("/");
    root.subresource("/a").setHandlerFor(_get.to(() => "a"));
    add(root);
    const { url, service } = await serveTree(root);
    for (const response of [await fetch(url + path), await service.request(path)]) {
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(response.status).toBe(path === "/no" ? 404 : 200);
      expect((await response.text()).length).toBeGreaterThan(0);
    }
  });

  it("works on a router", async () => {
    const router = new Router();
    router.addLayerTo(_requestPasser(layer));
    router.resource("/a").setHandlerFor(_get.to(() => "a"));
    const response = await router.intoService().request("/a");
    expect(response.headers.get("x-frame-options")).toBe("SAMEORIGIN");
  });

  it("lets the handler's header win, and layers outside see the middleware's", async () => {
    const root = new Resource("/");
    let seen: string | null = null;
    root.addLayerTo(
      _requestReceiver([
        around(async (_context, next) => {
          const response = await next();
          seen = response.headers.get("x-frame-options");
          response.headers.set("x-frame-options", "outer");
          return response;
        }),
        layer,
      ]),
    );
    root.setHandlerFor(_get.to(() => respond({ "x-frame-options": "DENY" }, "a")));
    const response = await root.intoService().request("/");
    expect([seen, response.headers.get("x-frame-options")]).toEqual(["DENY", "outer"]);
  });

  it("is there on what is thrown inside, and on what an outer layer makes of it", async () => {
    const root = new Resource("/");
    root.addLayerTo(
      _requestReceiver([
        new ErrorHandlerLayer((error, context) => {
          if (context.path === "/b") return respond(418, "teapot");
          throw error;
        }),
        layer,
      ]),
    );
    const fail = () => {
      throw new ResponseError(401, "no");
    };
    root.subresource("/a").setHandlerFor(_get.to(fail));
    root.subresource("/b").setHandlerFor(_get.to(async () => fail()));
    const { url } = await serveTree(root);
    for (const [path, status] of [
      ["/a", 401],
      ["/b", 418],
    ] as const) {
      const response = await fetch(url + path);
      expect(response.status).toBe(status);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await response.text()).toContain(path === "/a" ? "no" : "teapot");
    }
  });
});

describe("cors", () => {
  it("answers preflights itself, and layers outside see the answer", async () => {
    const root = new Resource("/");
    const outer = around(async (_context, next) => {
      const response = await next();
      response.headers.set("x-outer", String(response.status));
      return response;
    });
    root.addLayerTo(
      _requestReceiver([outer, connectLayer(cors({ origin: "https://a.example", credentials: true }))]),
    );
    root.setHandlerFor(_get.to(() => respond({ vary: "accept" }, "hello")));
    const { url } = await serveTree(root);

    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: { origin: "https://a.example", "access-control-request-method": "PUT" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("https://a.example");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    expect(preflight.headers.get("x-outer")).toBe("204");

    const response = await fetch(url, { headers: { origin: "https://a.example" } });
    expect(response.headers.get("access-control-allow-credentials")).toBe("true");
    expect(response.headers.get("vary")).toBe("Origin, accept");
    expect(await response.text()).toBe("hello");
  });
});

describe("compression", () => {
  const text = "argania ".repeat(1_000);
  const root = () => {
    const tree = new Resource("/");
    tree.addLayerTo(_requestReceiver(connectLayer(compression())));
    tree.subresource("/plain").setHandlerFor(_get.to(() => text));
    tree.subresource("/later").setHandlerFor(_get.to(async () => text));
    tree.subresource("/small").setHandlerFor(_get.to(() => "small"));
    tree.subresource("/none").setHandlerFor(_get.to(() => 204));
    tree
      .subresource("/stream")
      .setHandlerFor(_get.to(() => respond({ "content-type": "text/plain" }, chunks())));
    tree.subresource("/error").setHandlerFor(
      _get.to(() => {
        throw new ResponseError(400, text);
      }),
    );
    return tree;
  };
  async function* chunks() {
    for (let index = 0; index < 100; index++) {
      yield text;
    }
  }

  it.each([
    ["/plain", 200, text],
    ["/later", 200, text],
    ["/stream", 200, text.repeat(100)],
  ])("compresses %s", async (path, status, body) => {
    const { url, service } = await serveTree(root());
    const response = await fetch(url + path, { headers: { "accept-encoding": "gzip" } });
    expect([response.status, response.headers.get("content-encoding")]).toEqual([status, "gzip"]);
    expect(response.headers.get("vary")).toBe("Accept-Encoding");
    expect(await response.text()).toBe(body);
    const inProcess = await service.request(path, { headers: { "accept-encoding": "gzip" } });
    expect(gunzipSync(await inProcess.arrayBuffer()).toString()).toBe(body);
  });

  it("compresses the response of an error", async () => {
    const { url } = await serveTree(root());
    const response = await fetch(`${url}/error`, { headers: { "accept-encoding": "gzip" } });
    expect([response.status, response.headers.get("content-encoding")]).toEqual([400, "gzip"]);
    expect(((await response.json()) as { detail: string }).detail).toBe(text);
  });

  it("leaves small, empty and HEAD responses alone", async () => {
    const { url } = await serveTree(root());
    const ask = (path: string, method = "GET") =>
      fetch(url + path, { method, headers: { "accept-encoding": "gzip" } });
    expect((await ask("/small")).headers.get("content-length")).toBe("5");
    expect((await ask("/none")).status).toBe(204);
    const head = await ask("/plain", "HEAD");
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(text.length)]);
    expect(await (await ask("/stream", "HEAD")).text()).toBe("");
  });
});

describe("morgan", () => {
  it("logs what is sent, errors included, and the whole path", async () => {
    const lines: string[] = [];
    const root = new Resource("/");
    const log = morgan(":method :url :status :res[x-a]", {
      stream: { write: (line) => lines.push(line.trim()) },
    });
    root.addLayerTo(_requestReceiver(connectLayer(log)));
    root.subresource("/a/b").setHandlerFor(_get.to(() => respond({ "x-a": "1" }, json({}))));
    root.subresource("/stream").setHandlerFor(
      _get.to(async function* () {
        yield "a";
      } as never),
    );
    const { url, service } = await serveTree(root);
    await (await fetch(`${url}/a/b?x=1`)).text();
    await (await fetch(`${url}/nowhere`)).text();
    await service.request("/a/b", { method: "POST" });
    await eventually(() => lines.length === 3);
    expect(lines).toEqual(["GET /a/b?x=1 200 1", "GET /nowhere 404 -", "POST /a/b 405 -"]);
  });
});
