import {
  _get,
  _requestPasser,
  _requestReceiver,
  type ErrorReport,
  type Handler,
  json,
  RequestSignals,
  RequestSignalsLayer,
  Resource,
  ResponseError,
  Router,
  requestFinished,
  requestSignals,
  SignalReceiverError,
} from "argania";
import { afterEach, describe, expect, it } from "vitest";
import { rawRequest, withServer } from "../support/raw-http.ts";

afterEach(() => {
  requestSignals.clearAll();
});

/** A registry whose receivers write everything down, `elapsedMs` apart. */
function recorder() {
  const signals = new RequestSignals();
  const events: unknown[][] = [];
  const elapsed: number[] = [];
  signals.requestStarted.connect((payload) => void events.push(["started", payload]));
  signals.requestException.connect((payload) => void events.push(["exception", payload]));
  signals.requestFinished.connect(({ elapsedMs, ...payload }) => {
    elapsed.push(elapsedMs);
    events.push(["finished", payload]);
  });
  return { signals, events, elapsed };
}

function serve(signals: RequestSignals, handle: Handler) {
  const reports: ErrorReport[] = [];
  const root = new Resource("/ *").setHandlerFor(_get.to(handle));
  root.addLayerTo(_requestReceiver(new RequestSignalsLayer(signals)));
  return { service: root.intoService({ logger: { error: (report) => void reports.push(report) } }), reports };
}

const fail = (error: unknown) => () => {
  throw error;
};

describe("the signals of a request", () => {
  it("are started before the handler and finished after it", async () => {
    const { signals, events, elapsed } = recorder();
    const { service } = serve(signals, () => {
      events.push(["handler"]);
      return json("x", 201);
    });
    expect((await service.request("/%61/b%2Fc?q=1&r")).status).toBe(201);
    expect(events).toEqual([
      ["started", { method: "GET", path: "/a/b%2Fc", query: "q=1&r" }],
      ["handler"],
      ["finished", { method: "GET", path: "/a/b%2Fc", status: 201 }],
    ]);
    expect(elapsed.every((milliseconds) => milliseconds >= 0)).toBe(true);
    expect(elapsed).toHaveLength(1);
  });

  it("have an empty query when there is none", async () => {
    const { signals, events } = recorder();
    await serve(signals, () => "x").service.request("/");
    expect(events[0]).toEqual(["started", { method: "GET", path: "/", query: "" }]);
  });

  it.each([400, 404, 418, 499])("tell of no exception for a thrown %d", async (status) => {
    const { signals, events } = recorder();
    const { service } = serve(signals, fail(new ResponseError(status)));
    expect((await service.request("/")).status).toBe(status);
    expect(events.map(([name]) => name)).toEqual(["started", "finished"]);
    expect(events[1]).toEqual(["finished", { method: "GET", path: "/", status }]);
  });

  it("tell of no exception for a response of 4xx", async () => {
    const { signals, events } = recorder();
    await serve(signals, () => json("x", 404)).service.request("/");
    expect(events.map(([name]) => name)).toEqual(["started", "finished"]);
  });

  it.each([500, 503, 599])("tell of a thrown ErrorResponse of %d with its status", async (status) => {
    const { signals, events } = recorder();
    const error = new ResponseError(status, "", { cause: new Error("deep") });
    let thrown: unknown;
    signals.requestException.connect((payload) => {
      thrown = payload.error;
    });
    const { service, reports } = serve(signals, fail(error));
    expect((await service.request("/")).status).toBe(status);
    expect(events.slice(1)).toEqual([
      ["exception", { method: "GET", path: "/", error, status }],
      ["finished", { method: "GET", path: "/", status }],
    ]);
    expect(Object.is(thrown, error)).toBe(true);
    expect(reports.map(({ err }) => err)).toEqual([error]);
  });

  it.each([[new TypeError("bug")], ["text"], [null], [undefined], [{ status: 404 }]])(
    "tell of any other error without a status, and pass it on: %s",
    async (error) => {
      const { signals, events } = recorder();
      const { service, reports } = serve(signals, fail(error));
      expect((await service.request("/")).status).toBe(500);
      expect(events.slice(1)).toEqual([
        ["exception", { method: "GET", path: "/", error, status: undefined }],
        ["finished", { method: "GET", path: "/", status: 500 }],
      ]);
      expect(reports.map(({ err }) => err)).toEqual([error]);
    },
  );

  it("tell of a response of 5xx that nobody threw", async () => {
    const { signals, events } = recorder();
    const { service } = serve(signals, async () => json("x", 502));
    expect(await (await service.request("/")).json()).toBe("x");
    expect(events.slice(1)).toEqual([
      ["exception", { method: "GET", path: "/", error: new Error("HTTP 502"), status: 502 }],
      ["finished", { method: "GET", path: "/", status: 502 }],
    ]);
  });

  it("are those of rejected promises, too", async () => {
    const { signals, events } = recorder();
    await serve(signals, () => Promise.reject(new Error("late"))).service.request("/");
    expect(events.map(([name]) => name)).toEqual(["started", "exception", "finished"]);
  });

  it("are awaited before the response is sent", async () => {
    const signals = new RequestSignals();
    const trace: string[] = [];
    signals.requestFinished.connect(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      trace.push("finished");
    });
    await serve(signals, () => "x").service.request("/");
    trace.push("answered");
    expect(trace).toEqual(["finished", "answered"]);
  });

  it("are sent around a router, with the status that the client gets", async () => {
    const { signals, events } = recorder();
    const router = new Router();
    router.addResource(new Resource("/a").setHandlerFor(_get.to(() => "x")));
    router.addLayerTo(_requestPasser(new RequestSignalsLayer(signals)));
    const service = router.intoService();
    const seen: number[] = [];
    await withServer(service, async (port) => {
      for (const [method, path] of [
        ["GET", "/a"],
        ["HEAD", "/a"],
        ["POST", "/a"],
        ["GET", "/b"],
        ["GET", "/a/"],
      ]) {
        seen.push((await rawRequest(port, method as string, path as string)).status);
      }
    });
    expect(seen).toEqual([200, 200, 405, 404, 308]);
    expect(events.filter(([name]) => name === "finished").map(([, payload]) => payload)).toMatchObject(
      seen.map((status) => ({ status })),
    );
  });
});

describe("a receiver that throws", () => {
  it.each(["requestStarted", "requestFinished", "requestException"] as const)(
    "in %s is a 500 for this request, whatever it throws",
    async (name) => {
      const signals = new RequestSignals();
      const cause = new ResponseError(404, "not this one");
      const id = signals[name].connect(fail(cause));
      const { service, reports } = serve(signals, () => json("x", name === "requestException" ? 500 : 200));
      const response = await service.request("/");
      expect([response.status, await response.json()]).toMatchObject([500, { code: "ARGANIA_INTERNAL" }]);
      const [{ err }] = reports as [ErrorReport];
      expect(err).toBeInstanceOf(SignalReceiverError);
      expect((err as Error).cause).toBe(cause);
      signals[name].disconnect(id);
      expect(await (await service.request("/")).json()).toBe("x");
    },
  );

  it("in requestStarted keeps the handler from running", async () => {
    const signals = new RequestSignals();
    signals.requestStarted.connect(fail(new Error("no")));
    let runs = 0;
    await serve(signals, () => {
      runs++;
    }).service.request("/");
    expect(runs).toBe(0);
  });
});

describe("the registries", () => {
  it("are global unless the layer has its own", async () => {
    const seen: string[] = [];
    requestFinished.connect(({ path }) => void seen.push(path));
    const root = new Resource("/ *").setHandlerFor(_get.to(() => "x"));
    root.addLayerTo(_requestReceiver(new RequestSignalsLayer()));
    await root.intoService().request("/global");
    await serve(new RequestSignals(), () => "x").service.request("/own");
    expect(seen).toEqual(["/global"]);
  });

  it("cost nothing while nobody is connected: what is synchronous stays so", async () => {
    const signals = new RequestSignals();
    const { fetch } = serve(signals, () => "x").service;
    expect(fetch(new Request("http://a/"))).toBeInstanceOf(Response);
    const id = signals.requestException.connect(() => {});
    expect(fetch(new Request("http://a/"))).toBeInstanceOf(Promise);
    signals.requestException.disconnect(id);
    expect(fetch(new Request("http://a/"))).toBeInstanceOf(Response);
  });
});
