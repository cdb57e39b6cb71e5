import {
  _get,
  _requestHandler,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  HandlerTimeoutError,
  LightResponse,
  Resource,
  ResponseError,
} from "argania";
import { TimeoutLayer } from "argania/middleware";
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

describe("a handler that takes too long", () => {
  test("is a 503, and its signal is aborted", async () => {
    const signals: AbortSignal[] = [];
    const root = new Resource("/").addLayerTo(_requestReceiver(new TimeoutLayer(100)));
    root.setHandlerFor(
      _get.to((context) => {
        signals.push(context.signal, context.request.signal);
        return never();
      }),
    );
    const service = root.intoService({ logger });
    const asked = service.request("/");
    await vi.advanceTimersByTimeAsync(99);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    const response = await answerAfter(1, asked);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      code: "ARGANIA_HANDLER_TIMEOUT",
      title: "Service Unavailable",
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(signals[0]?.reason).toMatchObject({ name: "TimeoutError" });
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([408, 503, 504] as const)("is a %i where told so", async (status) => {
    const root = new Resource("/").setHandlerFor(_get.to(never));
    root.addLayerTo(_requestHandler(new TimeoutLayer(5, { status })));
    expect((await answerAfter(5, root.intoService({ logger }).request("/"))).status).toBe(status);
  });

  test("sees an aborted signal also when it asks for it late", async () => {
    let late: AbortSignal | undefined;
    const root = new Resource("/").addLayerTo(_requestReceiver(new TimeoutLayer(5)));
    root.setHandlerFor(
      _get.to(async (context) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        late = context.signal;
        return "late";
      }),
    );
    expect((await answerAfter(5, root.intoService({ logger }).request("/"))).status).toBe(503);
    await vi.advanceTimersByTimeAsync(50);
    expect(late?.aborted).toBe(true);
    expect(late?.reason).toMatchObject({ name: "TimeoutError" });
  });

  test("does not win with the error that its signal makes it throw", async () => {
    const root = new Resource("/").addLayerTo(_requestReceiver(new TimeoutLayer(5)));
    root.setHandlerFor(
      _get.to(
        ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ),
    );
    expect((await answerAfter(5, root.intoService({ logger }).request("/"))).status).toBe(503);
  });

  test("may be caught further out", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(never));
    const fallback = new ErrorHandlerLayer((error) => {
      expect(error).toBeInstanceOf(HandlerTimeoutError);
      return "from a cache";
    });
    root.addLayerTo(_requestReceiver([fallback, new TimeoutLayer(5)]));
    expect(await (await answerAfter(5, root.intoService().request("/"))).text()).toBe("from a cache");
  });
});

describe("what comes late", () => {
  const late = (result: () => unknown) => {
    const root = new Resource("/").addLayerTo(_requestReceiver(new TimeoutLayer(5)));
    root.setHandlerFor(
      _get.to(async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        return result() as string;
      }),
    );
    return root.intoService({ logger }).request("/");
  };

  test("a body is closed", async () => {
    let isCancelled = false;
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });
    expect(
      (
        await answerAfter(
          10,
          late(() => new Response(body)),
        )
      ).status,
    ).toBe(503);
    await vi.advanceTimersByTimeAsync(1);
    expect(isCancelled).toBe(true);
  });

  test("an error is dropped", async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", onUnhandled);
    const response = await answerAfter(
      10,
      late(() => {
        throw new Error("late");
      }),
    );
    expect(response.status).toBe(503);
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", onUnhandled);
    expect(unhandled).toEqual([]);
  });
});

describe("a handler that is in time", () => {
  test("answers, and leaves no timer and no aborted signal", async () => {
    let signal: AbortSignal | undefined;
    const root = new Resource("/").addLayerTo(_requestReceiver(new TimeoutLayer(100)));
    root.setHandlerFor(
      _get.to(async (context) => {
        signal = context.signal;
        await new Promise((resolve) => setTimeout(resolve, 50));
        return "in time";
      }),
    );
    expect(await (await answerAfter(50, root.intoService().request("/"))).text()).toBe("in time");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(signal?.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("may throw", async () => {
    const root = new Resource("/").addLayerTo(_requestReceiver(new TimeoutLayer(100)));
    root.setHandlerFor(_get.to(() => Promise.reject(new ResponseError(404))));
    root.subresource("/now").setHandlerFor(
      _get.to(() => {
        throw new ResponseError(410);
      }),
    );
    const service = root.intoService();
    expect((await service.request("/")).status).toBe(404);
    expect((await service.request("/now")).status).toBe(410);
  });

  test("costs no timer and no promise when it answers at once", async () => {
    const results: unknown[] = [];
    const spy = around((_, next) => {
      const result = next();
      results.push(result);
      return result;
    });
    const root = new Resource("/").setHandlerFor(_get.to(() => "now"));
    root.addLayerTo(_requestReceiver([spy, new TimeoutLayer(100), new TimeoutLayer(50)]));
    await root.intoService().request("/");
    expect(results).toEqual([expect.any(LightResponse)]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a hundred of them share a timer", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(never));
    root.addLayerTo(_requestReceiver(new TimeoutLayer(100)));
    const service = root.intoService({ logger });
    const asked = Array.from({ length: 100 }, () => service.request("/"));
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([503]));
  });
});
