import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import {
  _get,
  _requestReceiver,
  currentContext,
  ErrorHandlerLayer,
  HandlerTimeoutError,
  type RequestTrace,
  Resource,
  ResponseError,
  Server,
} from "argania";
import { RequestIdLayer, requestId, TimeoutLayer } from "argania/middleware";
import { afterEach, describe, expect, it } from "vitest";
import { rawRequest, sendRaw, withServer } from "../support/raw-http.ts";

const channel = tracingChannel<{ readonly name: string }, RequestTrace>("argania:request");
const EVENTS = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

interface Event {
  readonly event: (typeof EVENTS)[number];
  readonly status: number | undefined;
  readonly trace: RequestTrace;
}

let unsubscribe = () => {};
afterEach(() => unsubscribe());

function record(): Event[] {
  const events: Event[] = [];
  const subscribers = Object.fromEntries(
    EVENTS.map((event) => [
      event,
      (trace: unknown) =>
        events.push({ event, status: (trace as RequestTrace).status, trace: trace as RequestTrace }),
    ]),
  );
  channel.subscribe(subscribers as never);
  unsubscribe = () => channel.unsubscribe(subscribers as never);
  return events;
}

const SILENT = { logger: { error() {} } };
const boom = new Error("boom");

function site(): Resource {
  const root = new Resource("/");
  root.subresource("/sync/{id}").setHandlerFor(_get.to(() => "at once"));
  root.subresource("/later").setHandlerFor(_get.to(async () => 202));
  root.subresource("/throws").setHandlerFor(
    _get.to(() => {
      throw boom;
    }),
  );
  root.subresource("/rejects").setHandlerFor(
    _get.to(async () => {
      throw boom;
    }),
  );
  root.subresource("/refuses").setHandlerFor(
    _get.to(async () => {
      throw new ResponseError(409);
    }),
  );
  root.subresource("/invalid").setHandlerFor(_get.to(() => 99));
  root.subresource("/never").setHandlerFor(_get.to(() => new Promise<string>(() => {})));
  return root as Resource;
}

const names = (events: readonly Event[]) => events.map(({ event }) => event).join(" ");

describe("the tracing channel argania:request", () => {
  it.each([
    ["/sync/7?a=1", "start end", 200, "/sync/{id}", undefined],
    ["/later", "start end asyncStart asyncEnd", 202, "/later", undefined],
    ["/throws", "start error end", 500, "/throws", boom],
    ["/rejects", "start end error asyncStart asyncEnd", 500, "/rejects", boom],
    ["/refuses", "start end asyncStart asyncEnd", 409, "/refuses", undefined],
    ["/nowhere", "start end", 404, undefined, undefined],
    [
      "/invalid",
      "start error end",
      500,
      "/invalid",
      expect.objectContaining({ code: "ARGANIA_INVALID_RESPONSE" }),
    ],
  ])("tells of %s", async (path, expected, status, routePattern, error) => {
    for (const ask of [
      (service: ReturnType<Resource["intoService"]>) =>
        service.request(path).then((response) => response.status),
      (service: ReturnType<Resource["intoService"]>) =>
        withServer(service, async (port) => (await rawRequest(port, "GET", path)).status),
    ]) {
      const events = record();
      expect(await ask(site().intoService(SILENT))).toBe(status);
      expect(names(events)).toBe(expected);
      expect(new Set(events.map(({ trace }) => trace)).size).toBe(1);
      expect(events[0]).toMatchObject({ event: "start", status: undefined });
      expect(events.at(-1)?.trace).toMatchObject({
        method: "GET",
        path: path.split("?")[0],
        routePattern,
        status,
        error,
      });
      const last = expected.includes("async") ? "asyncStart" : "end";
      expect(events.find(({ event }) => event === last)?.status).toBe(status);
      unsubscribe();
    }
  });

  it("tells of malformed requests, which no layer sees", async () => {
    const events = record();
    const service = site().intoService(SILENT);
    expect((await service.request("/%zz?secret")).status).toBe(400);
    expect(names(events)).toBe("start end");
    expect(events[1]?.trace).toMatchObject({
      path: "/%zz",
      routePattern: undefined,
      context: undefined,
      status: 400,
    });
    await withServer(service, async (port) => {
      await sendRaw(port, "GET /a HTTP/1.1\r\nhost: a, b\r\nconnection: close\r\n\r\n");
    });
    expect(events[3]?.trace).toMatchObject({ path: "/a", status: 400 });
  });

  it("tells of a handler that never answers, when the server does in its place", async () => {
    const events = record();
    const handle = await new Server()
      .withLimits({ handlerTimeout: 50 })
      .serve(site().intoService(SILENT), "127.0.0.1:0");
    try {
      expect((await fetch(`${handle.url}/never`)).status).toBe(503);
      expect(names(events)).toBe("start end error asyncStart asyncEnd");
      expect(events.at(-1)).toMatchObject({ status: 503 });
    } finally {
      handle.close();
      await handle.closed;
    }
  });

  it("tells what the client gets where a layer makes an answer of a timeout", async () => {
    const root = new Resource("/");
    const late = new ErrorHandlerLayer((error) => {
      if (error instanceof HandlerTimeoutError) {
        return "from yesterday";
      }
      throw error;
    });
    root.addLayerTo(_requestReceiver([late, new TimeoutLayer(20)]));
    root.setHandlerFor(_get.to(() => new Promise<string>(() => {})));
    const events = record();
    expect(await (await root.intoService(SILENT).request("/")).text()).toBe("from yesterday");
    expect(names(events)).toBe("start end asyncStart asyncEnd");
    expect(events.at(-1)).toMatchObject({ status: 200, trace: { error: undefined } });
  });

  it("tells the status of a TimeoutLayer, once", async () => {
    const root = new Resource("/").addLayerTo(_requestReceiver(new TimeoutLayer(20, { status: 504 })));
    root.setHandlerFor(_get.to(() => new Promise<string>(() => {})));
    const events = record();
    expect((await root.intoService(SILENT).request("/")).status).toBe(504);
    expect(names(events)).toBe("start end error asyncStart asyncEnd");
    expect(events.at(-1)).toMatchObject({ status: 504 });
  });

  it("binds stores, as tools for monitoring do, and gives them the context", async () => {
    const spans = new AsyncLocalStorage<{ readonly name: string }>();
    channel.start.bindStore(spans, (trace) => ({ name: `${(trace as RequestTrace).routePattern}` }));
    try {
      const root = new Resource("/");
      root.subresource("/a/{b}").setHandlerFor(
        _get.to(async () => {
          await Promise.resolve();
          return `${spans.getStore()?.name} ${currentContext()?.path}`;
        }),
      );
      const service = root.intoService({ asyncContext: true });
      expect(await (await service.request("/a/1")).text()).toBe("/a/{b} /a/1");
    } finally {
      channel.start.unbindStore(spans);
    }
  });

  it("has the request's id for those who ask at the end", async () => {
    const ids: unknown[] = [];
    const subscribers = {
      end: (trace: unknown) => {
        const { context } = trace as RequestTrace;
        ids.push(context && requestId(context));
      },
    };
    channel.subscribe(subscribers as never);
    unsubscribe = () => channel.unsubscribe(subscribers as never);
    const root = new Resource("/");
    root.setHandlerFor(_get.wrappedIn(new RequestIdLayer({ generate: () => "id-1" })).to(() => "x"));
    await root.intoService().request("/");
    expect(ids).toEqual(["id-1"]);
  });

  it("leaves everything as it was when nobody listens any more", async () => {
    const events = record();
    const service = site().intoService(SILENT);
    await service.request("/later");
    const count = events.length;
    unsubscribe();
    await service.request("/later");
    expect(events).toHaveLength(count);
  });
});
