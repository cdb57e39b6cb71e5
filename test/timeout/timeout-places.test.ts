import {
  _get,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _post,
  _requestPasser,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  json,
  RequestSignals,
  RequestSignalsLayer,
  Resource,
  Router,
} from "argania";
import { RequestDecompressionLayer, TimeoutLayer } from "argania/middleware";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});
const logger = { error() {} };

/** Asks, lets the time pass, and gives the answer. */
async function answerAfter(milliseconds: number, asked: Promise<Response>): Promise<Response> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  return asked;
}

describe("on every component", () => {
  test.each([
    ["receiver", _requestReceiver, "/slow"],
    ["passer", _requestPasser, "/slow"],
    ["mistargeted-request handler", _mistargetedRequestHandler, "/none"],
  ] as const)("a %s", async (_, target, path) => {
    const root = new Resource("/").setHandlerFor(_mistargetedRequest.to(never));
    root.addLayerTo(target(new TimeoutLayer(5, { status: 504 })));
    root.subresource("/slow").setHandlerFor(_get.to(never));
    expect((await answerAfter(5, root.intoService({ logger }).request(path))).status).toBe(504);
  });

  test("a method, and a router", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(never));
    root.addLayerTo(_methodHandler("GET", new TimeoutLayer(5)));
    const router = new Router().addLayerTo(_requestPasser(new TimeoutLayer(50, { status: 504 })));
    router.addResource(root);
    root.subresource("/slow").setHandlerFor(_get.to(never));
    const service = router.intoService({ logger });
    expect((await answerAfter(5, service.request("/"))).status).toBe(503);
    expect((await answerAfter(50, service.request("/slow"))).status).toBe(504);
  });
});

describe("with others", () => {
  test("of nested ones the nearer counts, and those outside go on", async () => {
    const seen: Record<string, AbortSignal> = {};
    const outside = around(async ({ signal }, next) => {
      seen.outer = signal;
      return next();
    });
    const root = new Resource("/").setHandlerFor(
      _get.to((context) => {
        seen.inner = context.signal;
        return never();
      }),
    );
    root.addLayerTo(
      _requestReceiver([
        new TimeoutLayer(100),
        new ErrorHandlerLayer(() => "fallback"),
        outside,
        new TimeoutLayer(10, { status: 504 }),
      ]),
    );
    expect(await (await answerAfter(10, root.intoService().request("/"))).text()).toBe("fallback");
    expect(seen.inner?.aborted).toBe(true);
    expect(seen.outer?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seen.outer?.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("an outer one aborts what an inner one still lets run", async () => {
    let signal: AbortSignal | undefined;
    const root = new Resource("/").setHandlerFor(
      _get.to((context) => {
        signal = context.signal;
        return never();
      }),
    );
    const layers = [
      new TimeoutLayer(10),
      new RequestDecompressionLayer(),
      new TimeoutLayer(100, { status: 504 }),
    ];
    root.addLayerTo(_requestReceiver(layers));
    expect((await answerAfter(10, root.intoService({ logger }).request("/"))).status).toBe(503);
    expect(signal?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a layer that tries again gives the handler its whole time, and a signal that is not aborted", async () => {
    const signals: AbortSignal[] = [];
    const retry = around(async (_, next) => {
      try {
        return await next();
      } catch {
        return next();
      }
    });
    const root = new Resource("/").setHandlerFor(
      _post.to((context) => {
        signals.push(context.signal, context.request.signal);
        const states = signals.map(({ aborted }) => aborted);
        return signals.length === 2 ? never() : json([...states, context.header("content-encoding") ?? null]);
      }),
    );
    root.addLayerTo(
      _requestReceiver([new TimeoutLayer(15), retry, new TimeoutLayer(10), new RequestDecompressionLayer()]),
    );
    const headers = { "content-encoding": "gzip" };
    const client = new AbortController();
    const init = { method: "POST", body: "x", headers, signal: client.signal };
    const response = await answerAfter(10, root.intoService({ logger }).request("/", init));
    expect(await response.json()).toEqual([true, true, false, false, null]);
    client.abort();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
  });

  test("the client's going away reaches the handler", async () => {
    let signal: AbortSignal | undefined;
    const root = new Resource("/").addLayerTo(_requestReceiver(new TimeoutLayer(1_000)));
    root.setHandlerFor(
      _get.to((context) => {
        signal = context.signal;
        return "stays";
      }),
    );
    const client = new AbortController();
    const service = root.intoService();
    await service.request("/", { signal: client.signal });
    expect(signal?.aborted).toBe(false);
    client.abort(new Error("gone"));
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toMatchObject({ message: "gone" });
    await service.request("/", { signal: AbortSignal.abort(new Error("gone before")) });
    expect(signal?.reason).toMatchObject({ message: "gone before" });
  });

  test("request signals tell the status that the client gets", async () => {
    const signals = new RequestSignals();
    const statuses: number[] = [];
    signals.requestFinished.connect(({ status }) => void statuses.push(status));
    const root = new Resource("/").setHandlerFor(_get.to(never));
    root.addLayerTo(
      _requestReceiver([
        new RequestSignalsLayer(signals),
        new ErrorHandlerLayer((error) => {
          throw error;
        }),
        new TimeoutLayer(5, { status: 504 }),
      ]),
    );
    expect((await answerAfter(5, root.intoService({ logger }).request("/"))).status).toBe(504);
    expect(statuses).toEqual([504]);
  });
});
