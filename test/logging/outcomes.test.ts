import { connect } from "node:net";
import {
  _get,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  type Handler,
  Resource,
  Server,
  type ServiceOptions,
} from "argania";
import { LoggerLayer, serviceLogger } from "argania/logger";
import { webSocketUpgrade } from "argania/websocket";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { rawRequest, sendRaw, withServer } from "../support/raw-http.ts";
import { capture, ERROR, INFO, WARN } from "./capture.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** An application that logs everything in one place, as the documentation says. */
function site(serviceOptions: ServiceOptions = {}) {
  const log = capture();
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(new LoggerLayer({ logger: log.logger, ignore: ["/ignored"] })));
  const add = (path: string, handler: Handler) => root.subresource(path).setHandlerFor(_get.to(handler));
  const fail = () => {
    throw new Error("boom");
  };
  add("/text", () => "text");
  add("/broken", fail);
  add("/ignored", fail);
  add("/never", () => new Promise<string>(() => {}));
  add("/late", async () => {
    await pause(100);
    fail();
    return "";
  });
  add("/slow", async () => {
    await pause(60);
    return "slow";
  });
  add("/half", () =>
    (async function* () {
      yield "half";
      await pause(10);
      fail();
    })(),
  );
  add("/long", () =>
    (async function* () {
      yield "a";
      await pause(60);
      yield "b";
    })(),
  );
  add("/endless", () =>
    (async function* () {
      for (;;) {
        yield "x".repeat(65_536);
        await pause(1);
      }
    })(),
  );
  add("/wait", (context) => {
    context.waitUntil(Promise.reject(new Error("later")));
    return "text";
  });
  add("/hook", (context) => {
    context.beforeSend(fail);
    return "text";
  });
  const upgrade = webSocketUpgrade();
  root.subresource("/socket").setHandlerFor(
    _get.to([upgrade], (switchTo) =>
      switchTo(async (socket) => {
        await socket.close();
      }),
    ),
  );
  const service = root.intoService({ logger: serviceLogger(log.logger), ...serviceOptions });
  return { log, service };
}

describe("the line of a request", () => {
  it("is written when the response has been sent, with the time that it took", async () => {
    const { log, service } = site();
    await withServer(service, async (port) => {
      const answered = rawRequest(port, "GET", "/long");
      await pause(20);
      expect(log.raw).toEqual([]);
      expect((await answered).body).toBe("ab");
      const line = await log.line();
      expect(line).toMatchObject({ level: INFO, path: "/long", status: 200, peer: "127.0.0.1" });
      expect(line.duration).toBeGreaterThan(40);
    });
  });

  it("says that the client went away before the response", async () => {
    const { log, service } = site();
    await withServer(service, async (port) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("GET /never HTTP/1.1\r\nhost: a\r\n\r\n"));
      setTimeout(() => socket.destroy(), 30);
      const line = await log.line();
      expect(line).toMatchObject({
        level: INFO,
        path: "/never",
        aborted: true,
        peer: "127.0.0.1",
        msg: "request aborted",
      });
      expect(line).not.toHaveProperty("status");
    });
  });

  it("says that the client went away during the response", async () => {
    const { log, service } = site();
    await withServer(service, async (port) => {
      const socket = connect(port, "127.0.0.1", () =>
        socket.write("GET /endless HTTP/1.1\r\nhost: a\r\n\r\n"),
      );
      socket.once("data", () => socket.destroy());
      expect(await log.line()).toMatchObject({
        level: INFO,
        status: 200,
        aborted: true,
        msg: "request aborted",
      });
    });
  });

  it("says that a stream failed half-way, once", async () => {
    const { log, service } = site();
    await withServer(service, async (port) => {
      await sendRaw(port, "GET /half HTTP/1.1\r\nhost: a\r\n\r\n");
      const line = await log.line();
      expect(line).toMatchObject({
        level: ERROR,
        status: 200,
        error: { msg: "boom" },
        msg: "request failed",
      });
      expect(line).not.toHaveProperty("aborted");
    });
    await expect((await service.request("/half")).text()).rejects.toThrow("boom");
    expect(log.lines()).toMatchObject([
      { path: "/half" },
      { level: ERROR, path: "/half", error: { msg: "boom" } },
    ]);
  });

  it("says that a handler took too long", async () => {
    const { log, service } = site();
    const handle = await new Server().withLimits({ handlerTimeout: 50 }).serve(service, "127.0.0.1:0");
    try {
      expect((await fetch(`${handle.url}/never`)).status).toBe(503);
      expect(await log.line()).toMatchObject({
        level: ERROR,
        status: 503,
        error: { type: "HandlerTimeoutError", code: "ARGANIA_HANDLER_TIMEOUT" },
      });
      expect(log.raw).toHaveLength(1);
    } finally {
      handle.close();
      await handle.closed;
    }
  });

  it("tells of an upgrade", async () => {
    const { log, service } = site();
    await withServer(service, async (port) => {
      const client = new WebSocket(`ws://127.0.0.1:${port}/socket`);
      await new Promise((resolve) => client.once("close", resolve));
      expect(log.lines()).toMatchObject([{ level: INFO, path: "/socket", status: 101 }]);
    });
  });

  it("is written over HTTP/2", async () => {
    const { log, service } = site();
    const handle = await new Server().withHttp2().serve(service, "127.0.0.1:0");
    const { connect: connectHttp2 } = await import("node:http2");
    const session = connectHttp2(handle.url);
    try {
      const stream = session.request({ ":path": "/broken" });
      stream.resume();
      await new Promise((resolve) => stream.once("close", resolve));
      expect(await log.line()).toMatchObject({ path: "/broken", status: 500, error: { msg: "boom" } });
      const left = session.request({ ":path": "/never" });
      setTimeout(() => left.close(8), 30);
      left.on("error", () => {});
      expect(await log.line(1)).toMatchObject({ path: "/never", aborted: true });
      expect(log.raw).toHaveLength(2);
    } finally {
      session.destroy();
      handle.close();
      await handle.closed;
    }
  });
});

describe("serviceLogger", () => {
  it("leaves out what a line tells", async () => {
    const { log, service } = site();
    await service.request("/broken");
    await withServer(service, (port) => rawRequest(port, "GET", "/broken"));
    expect(log.lines()).toMatchObject([{ msg: "request failed" }, { msg: "request failed" }]);
  });

  it("reports failures of ignored requests, and of what comes beside a response", async () => {
    const { log, service } = site();
    await service.request("/ignored");
    expect(log.lines()).toMatchObject([
      { level: ERROR, method: "GET", path: "/ignored", error: { msg: "boom" }, msg: "A request failed" },
    ]);
    await service.request("/wait");
    expect(
      log
        .lines()
        .map(({ msg }) => msg)
        .sort(),
    ).toEqual(["A promise given to waitUntil was rejected", "A request failed", "request completed"]);
  });

  it("reports what fails when the line has been written", async () => {
    const { log, service } = site();
    await withServer(service, async (port) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("GET /late HTTP/1.1\r\nhost: a\r\n\r\n"));
      setTimeout(() => socket.destroy(), 20);
      const [aborted, failed] = [await log.line(), await log.line(1)];
      expect(aborted).toMatchObject({ aborted: true });
      expect(failed).toMatchObject({ level: ERROR, error: { msg: "boom" }, msg: "A request failed" });
      expect(failed.requestId).toBe(aborted.requestId);
    });
  });

  it("tells once of a hook that fails, too", async () => {
    const { log, service } = site();
    expect((await service.request("/hook")).status).toBe(500);
    expect(log.lines()).toMatchObject([{ status: 500, level: ERROR, error: { msg: "boom" } }]);
  });

  it("tells of malformed requests, without their query", async () => {
    const { log, service } = site();
    await service.request("/%zz?token=hidden");
    await withServer(service, (port) =>
      sendRaw(port, "GET /a HTTP/1.1\r\nhost: a, b\r\nconnection: close\r\n\r\n"),
    );
    expect(log.lines()).toMatchObject([
      { level: WARN, method: "GET", path: "/%zz", status: 400, error: { code: "ARGANIA_BAD_REQUEST" } },
      { level: WARN, method: "GET", path: "/a", status: 400 },
    ]);
    expect(log.raw.join("")).not.toContain("hidden");
  });

  it("works without the layer, and under an error handler of one's own", async () => {
    const log = capture();
    const root = new Resource("/");
    root.addLayerTo(
      _requestReceiver([
        new ErrorHandlerLayer((error) => {
          throw error;
        }),
        around((_, next) => next()),
      ]),
    );
    root.setHandlerFor(
      _get.to(() => {
        throw "text";
      }),
    );
    const { request } = root.intoService({ logger: serviceLogger(log.logger) });
    expect((await request("/")).status).toBe(500);
    expect(log.lines()).toMatchObject([{ level: ERROR, error: { type: "NonError", msg: "text" } }]);
    expect((await request("/", { method: "PUT" })).status).toBe(405);
    expect(log.raw).toHaveLength(1);
  });

  it("is made of a logger of pino only", () => {
    expect(() => serviceLogger(console as never)).toThrow(/takes a logger of pino/);
    expect(() => serviceLogger(undefined as never)).toThrow(/undefined/);
  });
});
