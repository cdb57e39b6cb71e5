import { _get, _requestReceiver, _wildcardMethod, Resource } from "argania";
import { type ConnectMiddleware, connectErrorLayer, connectHandler, connectLayer } from "argania/connect";
import helmet from "helmet";
import { describe, expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

// biome-ignore lint/suspicious/noExplicitAny: whatever Node's response takes
type Any = any;

const app = (listener: (request: Any, response: Any) => unknown) => {
  const root = new Resource("/ *");
  root.setHandlerFor(_wildcardMethod.to(connectHandler(listener as ConnectMiddleware)));
  return root;
};

describe("a listener of http.createServer", () => {
  const answers: [string, (request: Any, response: Any) => unknown][] = [
    [
      "writeHead with an object",
      (_, response) =>
        response.writeHead(201, "Made", { "X-A": "1", "Set-Cookie": ["a=1", "b=2"] }).end("body"),
    ],
    [
      "writeHead with an array",
      (_, response) =>
        response.writeHead(201, ["X-A", "1", "Set-Cookie", "a=1", "Set-Cookie", "b=2"]).end("body"),
    ],
    [
      "headers set before",
      (_, response) => {
        response.statusCode = 201;
        response.setHeader("x-a", 1);
        response.setHeader("set-cookie", "a=1");
        response.appendHeader("set-cookie", "b=2");
        response.write("bo");
        response.end(Buffer.from("dy"));
      },
    ],
    [
      "chunks in other encodings, later",
      async (_, response) => {
        response.writeHead(201, { "x-a": "1", "set-cookie": ["a=1", "b=2"] });
        response.flushHeaders();
        await new Promise((resolve) => response.write("626f", "hex", resolve));
        response.cork();
        response.end("dy", "latin1");
      },
    ],
  ];

  it.each(answers)("answers with %s", async (_, listener) => {
    const { url, service } = await serveTree(app(listener));
    for (const response of [
      await fetch(url),
      await service.request("/"),
      await service.request("/", { method: "POST", body: "x" }),
    ]) {
      expect([response.status, response.headers.get("x-a"), await response.text()]).toEqual([
        201,
        "1",
        "body",
      ]);
      expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    }
  });

  it("sees the end, and cannot split a response", async () => {
    const seen: string[] = [];
    const { url } = await serveTree(
      app((_request, response) => {
        response.on("finish", () => seen.push(`finish ${response.writableFinished}`));
        response.on("close", () => seen.push("close"));
        expect(() => response.setHeader("x", "a\r\nb: c")).toThrow();
        expect(() => response.write(7)).toThrow(TypeError);
        response.setHeader("content-length", 4);
        response.setHeader("transfer-encoding", "chunked");
        response.end("abc", () => seen.push("ended"));
        expect(() => response.setHeader("x", "1")).toThrow(/after they are sent/);
      }),
    );
    expect(await (await fetch(url)).text()).toBe("abc");
    await eventually(() => seen.length === 3);
    expect(seen.sort()).toEqual(["close", "ended", "finish true"]);
  });

  it("serves requests on one connection, one after the other and at once", async () => {
    const { url } = await serveTree(app((request, response) => response.end(request.url)));
    const texts = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => (await fetch(`${url}/${index}`)).text()),
    );
    expect(texts).toEqual(Array.from({ length: 20 }, (_, index) => `/${index}`));
  });

  it("has no body with 204, 304 and HEAD", async () => {
    const { url } = await serveTree(
      app((request, response) => {
        response.statusCode = Number(request.url.slice(1));
        response.end("body");
      }),
    );
    expect(await (await fetch(`${url}/204`)).text()).toBe("");
    expect(await (await fetch(`${url}/304`)).text()).toBe("");
    const head = await fetch(`${url}/200`, { method: "HEAD" });
    expect([head.headers.get("content-length"), await head.text()]).toEqual(["4", ""]);
  });
});

describe("the helpers of Express", () => {
  it("are there without Express", async () => {
    const root = new Resource("/");
    const helpers: ConnectMiddleware = (request: Any, response: Any, next) => {
      response.locals.a = 1;
      response
        .set({ "X-Set": "1" })
        .append("X-Set", "2")
        .vary("Accept")
        .type("json")
        .cookie("a", "b c", { maxAge: 1000 })
        .clearCookie("c");
      switch (request.path) {
        case "/json":
          return response.status(201).json({
            ip: request.ip,
            query: request.query,
            host: request.get("Host") === request.host,
            xhr: request.xhr,
            secure: request.secure,
            protocol: request.protocol,
            name: request.hostname,
          });
        case "/redirect":
          return response.redirect(303, "/ä?a=%20");
        case "/status":
          return response.sendStatus(418);
        case "/bytes":
          return response.send(Buffer.from("bytes"));
        case "/object":
          return response.send({ locals: response.locals, app: request.app.get("trust proxy") ?? null });
        default:
          return next();
      }
    };
    root.addLayerTo(_requestReceiver(connectLayer([helpers])));
    root.subresource("/inside").setHandlerFor(_get.to(() => "inside"));
    const { url, service } = await serveTree(root);
    const of = await fetch(`${url}/json?a=1&a=2&b=3`);
    expect(of.status).toBe(201);
    expect(await of.json()).toEqual({
      ip: "127.0.0.1",
      query: { a: ["1", "2"], b: "3" },
      host: true,
      xhr: false,
      secure: false,
      protocol: "http",
      name: "127.0.0.1",
    });
    expect([of.headers.get("x-set"), of.headers.get("vary")]).toEqual(["1, 2", "Accept"]);
    expect(of.headers.getSetCookie()[0]).toBe("a=b%20c; Max-Age=1; Path=/");
    expect((await service.request("/redirect")).headers.get("location")).toBe("/%C3%A4?a=%20");
    expect((await service.request("/status")).status).toBe(418);
    expect(await (await service.request("/bytes")).text()).toBe("bytes");
    expect(await (await service.request("/object")).json()).toEqual({ locals: { a: 1 }, app: null });
    expect(await (await service.request("/inside")).text()).toBe("inside");
  });
});

describe("definitions", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["no middleware", () => connectLayer(), /at least one/],
    ["what is no function", () => connectLayer({} as Any), /a function, not/],
    [
      "error middleware in connectLayer",
      () => connectLayer(((_e: Any, _q: Any, _s: Any, _n: Any) => {}) as Any),
      /connectErrorLayer/,
    ],
    ["other middleware in connectErrorLayer", () => connectErrorLayer((() => {}) as Any), /connectLayer/],
    [
      "an unknown option",
      () => connectHandler(() => {}, { slashes: true } as Any),
      /has no option "slashes"/,
    ],
    ["a wrong option", () => connectHandler(() => {}, { encodedSlashes: true } as Any), /"refuse" or "pass"/],
  ])("refuse %s", (_, define, message) => {
    expect(define).toThrow(message);
    expect(define).toThrow(TypeError);
  });

  it("refuse a runtime without node:http", () => {
    const { getBuiltinModule } = process;
    try {
      process.getBuiltinModule = (() => undefined) as Any;
      expect(() => connectLayer(helmet())).toThrow(
        expect.objectContaining({ code: "ARGANIA_CONNECT_RUNTIME" }),
      );
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
  });
});
