import {
  _get,
  _methodHandler,
  _mistargetedRequestHandler,
  _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  type Layer,
  Resource,
  ResponseError,
  Router,
  respond,
} from "argania";
import { LoggerLayer, type LoggerLayerOptions, requestLogger } from "argania/logger";
import { RequestIdLayer, requestId } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { capture, ERROR, INFO, WARN } from "./capture.ts";

const UUID = /^[\da-f-]{36}$/;

function site(
  options: Omit<LoggerLayerOptions, "logger"> = {},
  inner: readonly Layer[] = [],
  outer: readonly Layer[] = [],
) {
  const log = capture();
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver([...outer, new LoggerLayer({ logger: log.logger, ...options }), ...inner]),
  );
  root.setHandlerFor(_get.to(() => "root"));
  root.subresource("/users/{id:\\d+}").setHandlerFor(_get.to(async ({ params }) => params.id));
  root
    .subresource("/made")
    .setHandlerFor(_post.to(() => respond(201, { "set-cookie": "sid=secret" }, "made")));
  root.subresource("/broken").setHandlerFor(
    _get.to(() => {
      throw new Error("no database", { cause: new TypeError("no host") });
    }),
  );
  root.subresource("/teapot").setHandlerFor(
    _get.to(async () => {
      throw new ResponseError(418, "I am one.", { code: "TEAPOT", cause: new Error("clay") });
    }),
  );
  root.subresource("/unavailable").setHandlerFor(_get.to(() => 503));
  root.subresource("/logs").setHandlerFor(
    _get.to((context) => {
      requestLogger(context).info({ user: 7 }, "one");
      requestLogger(context).warn("two");
      return requestId(context);
    }),
  );
  return { log, root, request: root.intoService({ logger: { error() {} } }).request };
}

describe("LoggerLayer", () => {
  it("writes one line for a request", async () => {
    const { log, request } = site();
    await request("http://Example.com/users/7?token=secret", { remoteAddress: "192.0.2.1" });
    expect(log.lines()).toEqual([
      {
        level: INFO,
        time: expect.any(Number),
        pid: process.pid,
        hostname: expect.any(String),
        requestId: expect.stringMatching(UUID),
        method: "GET",
        path: "/users/7",
        host: "example.com",
        route: "/users/{id:\\d+}",
        status: 200,
        duration: expect.any(Number),
        peer: "192.0.2.1",
        msg: "request completed",
      },
    ]);
  });

  it.each([
    ["/", "GET", 200, INFO, "request completed"],
    ["/", "HEAD", 200, INFO, "request completed"],
    ["/users/7/", "GET", 308, INFO, "request completed"],
    ["/nowhere", "GET", 404, WARN, "request refused"],
    ["/", "DELETE", 405, WARN, "request refused"],
    ["/teapot", "GET", 418, WARN, "request refused"],
    ["/broken", "GET", 500, ERROR, "request failed"],
    ["/unavailable", "GET", 503, ERROR, "request failed"],
  ])("%s by %s is %d at level %d", async (path, method, status, level, msg) => {
    const { log, request } = site();
    await request(path, { method });
    expect(log.lines()).toHaveLength(1);
    expect(log.lines()[0]).toMatchObject({ path, method, status, level, msg });
  });

  it("tells of errors what the client does not see", async () => {
    const { log, request } = site();
    const response = await request("/broken");
    expect(await response.text()).not.toMatch(/database|host/);
    expect(log.lines()[0]?.error).toEqual({
      type: "Error",
      msg: "no database",
      detail: expect.stringMatching(/^Error: no database\n {4}at /),
      chain: [{ type: "TypeError", msg: "no host", detail: expect.stringContaining("\n    at ") }],
    });
  });

  it("tells of refusals with their code and cause, without their stack", async () => {
    const { log, request } = site();
    await request("/teapot");
    expect(log.lines()[0]?.error).toEqual({
      type: "ResponseError",
      msg: "I am one.",
      code: "TEAPOT",
      chain: [{ type: "Error", msg: "clay", detail: expect.any(String) }],
    });
  });

  it("tells of errors that somebody further out makes a response of", async () => {
    const handling = new ErrorHandlerLayer((error) => respond(409, String(error)));
    for (const path of ["/broken", "/teapot"]) {
      const { log, request } = site({}, [], [handling]);
      expect((await request(path)).status).toBe(409);
      expect(log.lines()[0]).toMatchObject({ status: 409, level: WARN, error: { msg: expect.any(String) } });
    }
    const { log, request } = site({}, [handling]);
    await request("/broken");
    expect(log.lines()[0]).not.toHaveProperty("error");
  });

  it("has the id of a RequestIdLayer, on whichever side of it", async () => {
    const ids = new RequestIdLayer({ generate: () => "id-1" });
    for (const layers of [[[], [ids]] as const, [[ids], []] as const]) {
      const { log, request } = site({}, ...layers);
      const response = await request("/logs");
      expect(await response.text()).toBe("id-1");
      expect(log.lines().map(({ requestId }) => requestId)).toEqual(["id-1", "id-1", "id-1"]);
    }
  });

  it("gives handlers a logger with the request's id", async () => {
    const { log, request } = site();
    const id = await (await request("/logs")).text();
    expect(id).toMatch(UUID);
    expect(log.lines()).toMatchObject([
      { level: INFO, user: 7, msg: "one", requestId: id },
      { level: WARN, msg: "two", requestId: id },
      { level: INFO, msg: "request completed", requestId: id },
    ]);
  });

  it("writes one line where one is inside of another: the outer's", async () => {
    const inner = capture();
    const { log, request } = site({}, [new LoggerLayer(inner.logger)]);
    await request("/");
    await request("/broken");
    expect([log.raw.length, inner.raw.length]).toEqual([2, 0]);
  });

  it("leaves synchronous handlers synchronous", () => {
    let isPromise: boolean | undefined;
    const watching = around((_, next) => {
      const result = next();
      isPromise = result instanceof Promise;
      return result;
    });
    void site({}, [], [watching]).request("/");
    expect(isPromise).toBe(false);
  });

  it.each([
    ["receiver", (root: Resource, layer: Layer) => root.addLayerTo(_requestReceiver(layer)), "/users"],
    ["passer", (root: Resource, layer: Layer) => root.addLayerTo(_requestPasser(layer)), "/users"],
    ["request handler", (root: Resource, layer: Layer) => root.addLayerTo(_requestHandler(layer)), "/"],
    ["method handler", (root: Resource, layer: Layer) => root.addLayerTo(_methodHandler("GET", layer)), "/"],
    [
      "mistargeted-request handler",
      (root: Resource, layer: Layer) => root.addLayerTo(_mistargetedRequestHandler(layer)),
      "/nowhere",
    ],
  ] as const)("works on the %s", async (_, add, path) => {
    const log = capture();
    const root = new Resource("/");
    root.setHandlerFor(_get.to(() => "root"));
    root.subresource("/users").setHandlerFor(_get.to(() => "users"));
    add(root as Resource, new LoggerLayer(log.logger));
    const { status } = await root.intoService().request(path);
    expect(log.lines()).toMatchObject([{ path, status }]);
  });

  it("works on a router, also for hosts that it does not have", async () => {
    const log = capture();
    const router = new Router();
    router.addLayerTo(_requestPasser(new LoggerLayer(log.logger)));
    router.resource("http://a.example/x").setHandlerFor(_get.to(() => "x"));
    const { request } = router.intoService();
    await request("http://a.example/x");
    await request("http://b.example/x");
    expect(log.lines()).toMatchObject([
      { host: "a.example", route: "/x", status: 200 },
      { host: "b.example", status: 404 },
    ]);
    expect(log.lines()[1]).not.toHaveProperty("route");
  });
});

describe("requestLogger(context)", () => {
  it("says which layer is missing", async () => {
    const reports: unknown[] = [];
    const root = new Resource("/");
    root.setHandlerFor(_get.to((context) => requestLogger(context).info("x")));
    await root.intoService({ logger: { error: ({ err }) => reports.push(err) } }).request("/");
    expect(String(reports[0])).toMatch(/needs a LoggerLayer/);
  });

  it("is there for ignored requests, too", async () => {
    const { log, request } = site({ ignore: ["/logs"] });
    await request("/logs");
    expect(log.lines().map(({ msg }) => msg)).toEqual(["one", "two"]);
  });
});
