import {
  _get,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  type Layer,
  Resource,
  Router,
} from "argania";
import { App, layersFrom, MiddlewareConfigError, type Middlewares } from "argania/app";
import { describe, expect, test, vi } from "vitest";
import { failureOf, hello } from "./apps.ts";

interface MarkOptions {
  readonly mark?: string;
}

/** Appends to a header, so that the order shows: what is outermost comes last. */
const marking = (mark: string): Layer =>
  around(async (_, next) => {
    const response = await next();
    response.headers.append("x-marks", mark);
    return response;
  });

const MIDDLEWARES: Middlewares = {
  first: ({ mark = "first" }: MarkOptions) => marking(mark),
  second: ({ mark = "second" }: MarkOptions) => [marking(mark), marking(`${mark}'`)],
  third: ({ mark = "third" }: MarkOptions) => marking(mark),
};

async function marks(section: Record<string, unknown>): Promise<string | null> {
  const app = new App({
    middlewares: MIDDLEWARES,
    config: { server: { middlewares: section as never } },
    routes: (router) => router.addLayerTo(_requestPasser(marking("routes"))).addResource(hello()),
  });
  const service = await app.service();
  const answer = (await service.request("/")).headers.get("x-marks");
  await app.close();
  return answer;
}

describe("layers of the configuration", () => {
  test("are outside of those of the routes, in the order of the app, not of the configuration", async () => {
    expect(await marks({ third: true, first: true, second: {} })).toBe(
      "routes, third, second', second, first",
    );
  });

  test("get their options without enable", async () => {
    expect(await marks({ first: { mark: "one" }, third: { enable: true, mark: "three" } })).toBe(
      "routes, three, one",
    );
    const make = vi.fn(() => marking("x"));
    const scope = { anything: 1 };
    layersFrom({ make }, { make: { enable: true, a: 1 } }, scope);
    layersFrom({ make }, { make: true }, scope);
    expect(make.mock.calls).toEqual([
      [{ a: 1 }, scope],
      [{}, scope],
    ]);
  });

  test("that are switched off leave no trace", async () => {
    expect(await marks({ first: false, second: { enable: false, mark: "x" } })).toBe("routes");
    const make = vi.fn();
    expect(layersFrom({ make }, { make: { enable: false } }, undefined)).toEqual([]);
    expect(layersFrom({ make }, {}, undefined)).toEqual([]);
    expect(make).not.toHaveBeenCalled();
    const app = new App({
      middlewares: MIDDLEWARES,
      config: { server: { middlewares: { first: false } } },
      routes: hello,
    });
    const service = await app.service();
    expect(service.describe().layers).toEqual({});
    await app.close();
  });

  test("see the context of the app", async () => {
    const app = new App({
      initializers: [{ name: "db", beforeRun: () => ({ db: "db" }) }],
      middlewares: { mark: (_, { context }) => marking(context.db) },
      config: { server: { middlewares: { mark: true } } },
      routes: hello,
    });
    expect((await (await app.service()).request("/")).headers.get("x-marks")).toBe("db");
    await app.close();
  });

  test.each([
    ["receiver", (layers: readonly Layer[]) => hello().addLayerTo(_requestReceiver(layers))],
    ["handler", (layers: readonly Layer[]) => hello().addLayerTo(_requestHandler(layers))],
    [
      "method",
      (layers: readonly Layer[]) => new Resource("/").setHandlerFor(_get.to(() => "x").wrappedIn(...layers)),
    ],
    [
      "router",
      (layers: readonly Layer[]) => new Router().addResource(hello()).addLayerTo(_requestPasser(layers)),
    ],
  ])("can be put on anything without an app: %s", async (_, make) => {
    const layers = layersFrom(MIDDLEWARES, { second: true, first: true, third: false }, undefined as never);
    const response = await make(layers).intoService().request("/");
    expect(response.headers.get("x-marks")).toBe("second', second, first");
  });
});

describe("what does not hold is refused", () => {
  const make = (middlewares: unknown, section: unknown) =>
    layersFrom(middlewares as Middlewares, section as never, undefined as never);

  test.each([
    [
      { corse: true },
      /server\.middlewares\.corse is no layer that the app has. There are: first, second, third/,
    ],
    [{ toString: true }, /no layer/],
    [JSON.parse('{"__proto__": true}'), /no layer/],
    [{ first: "on" }, /is true, false or options, not a string/],
    [{ first: null }, /not null/],
    [{ first: [] }, /not an array/],
    [{ first: { enable: 1 } }, /neither true nor false/],
  ])("%j", (section, message) => {
    expect(() => make(MIDDLEWARES, section)).toThrow(message);
    expect(() => make(MIDDLEWARES, section)).toThrow(MiddlewareConfigError);
  });

  test("layers that cannot be made, and what is no layer", () => {
    const cause = new TypeError("CorsLayer has no option x.");
    const throwing = () => {
      throw cause;
    };
    try {
      make({ cors: throwing }, { cors: true });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "ARGANIA_MIDDLEWARE_CONFIG", middleware: "cors", cause });
      expect((error as Error).message).toContain("CorsLayer has no option x.");
    }
    expect(() => make({ cors: () => 7 }, { cors: true })).toThrow(/A layer is a function/);
    expect(() => make({ cors: () => Promise.reject(7) }, {})).not.toThrow();
    const fail = () => Promise.reject(new Error("late"));
    expect(() => make({ cors: fail }, { cors: true })).toThrow(/not a promise/);
    expect(() => make({}, { cors: true })).toThrow(/It has none/);
  });

  test.each([[7], [[]], [null], [{ cors: 7 }], [{ "1": () => identity }], [{ "a b": () => identity }]])(
    "lists of layers: %j",
    (middlewares) => {
      expect(() => make(middlewares, {})).toThrow(TypeError);
      const options = { middlewares, routes: hello } as never;
      expect(() => new App(options)).toThrow(TypeError);
    },
  );

  test("by an app, which shuts down what was opened", async () => {
    const onShutdown = vi.fn();
    const app = new App({
      initializers: [{ name: "db", beforeRun: () => {}, onShutdown }],
      config: { server: { middlewares: { cors: true } } },
      routes: hello,
    });
    expect((await failureOf(app.service())).code).toBe("ARGANIA_MIDDLEWARE_CONFIG");
    expect(onShutdown).toHaveBeenCalledOnce();
  });
});

const identity: Layer = (handler) => handler;
