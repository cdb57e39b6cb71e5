import { Server } from "argania";
import { App, ConfigError, ContextKey, initializer } from "argania/app";
import { describe, expect, test } from "vitest";
import { hello } from "./apps.ts";

const routes = hello;
const name = "x";
const beforeRun = () => {};

describe("options that cannot be meant are refused at once", () => {
  test.each([
    [undefined, /App takes an object of options/],
    [{}, /routes of App is a function/],
    [{ routes: hello() }, /routes of App is a function .*, not a Resource/],
    [{ routes, initialisers: [] }, /App has no option "initialisers"/],
    [{ routes, config: Promise.resolve({}) }, /await loadConfig\(…\) before, not a promise/],
    [{ routes, config: null }, /config of App/],
    [{ routes, context: new Map() }, /context of App is an object .* not a Map/],
    [{ routes, contextKey: "shop" }, /contextKey of App is a ContextKey/],
    [{ routes, logger: {} }, /logger of App/],
    [{ routes, server: {} }, /server of App is a Server/],
    [{ routes, environment: "a/b" }, /environment/],
    [{ routes, initializers: { name } }, /initializers is an array/],
    [{ routes, initializers: [null] }, /not null/],
    [{ routes, initializers: [class {}] }, /write new in front/],
    [{ routes, initializers: [{ beforeRun }] }, /needs a name/],
    [{ routes, initializers: [{ name: "", beforeRun }] }, /needs a name/],
    [{ routes, initializers: [{ name: "a\nb", beforeRun }] }, /needs a name/],
    [{ routes, initializers: [{ name }] }, /"x" does nothing/],
    [
      { routes, initializers: [{ name, beforeRun: "open" }] },
      /beforeRun of the initializer "x" is a function/,
    ],
    [
      { routes, initializers: [{ name, beforeRun, afterRoute() {} }] },
      /member "afterRoute", which does nothing/,
    ],
    [{ routes, initializers: [{ name, beforeRun, runsIn: "all" }] }, /"serving" or "first"/],
    [{ routes, initializers: [{ name, afterRoutes() {}, runsIn: "first" }] }, /which has no routes/],
    [
      {
        routes,
        initializers: [
          { name, beforeRun },
          { name, beforeRun },
        ],
      },
      /Two initializers have the name "x"/,
    ],
  ])("%#", (options, message) => {
    expect(() => new App(options as never)).toThrow(message);
    expect(() => new App(options as never)).toThrow(TypeError);
  });

  test("a section server that does not hold, with everything that is wrong", () => {
    const config = { server: { port: "x", host: 7, tls: { cert: "x" } } } as never;
    try {
      new App({ config, routes });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).issues.map(({ path }) => path)).toEqual([
        "server.port",
        "server.host",
        "server.tls.cert",
      ]);
    }
  });

  test("initializer() refuses what is none", () => {
    expect(() => initializer({ name: "x", run() {} } as never)).toThrow(/member "run"/);
    expect(() => initializer(7 as never)).toThrow(TypeError);
  });

  test("what can be meant is not", () => {
    class Custom {
      readonly name = "custom";
      readonly pool: unknown[] = [];
      onShutdown(): void {}
    }
    const contextKey = new ContextKey<object>("key");
    expect(
      new App({
        routes,
        initializers: [new Custom()],
        contextKey,
        server: new Server(),
        environment: "a-b_1",
      }).environment,
    ).toBe("a-b_1");
    expect(new App({ routes }).environment).toBe("test");
    expect(new App({ routes, config: { a: 1 } }).config).toEqual({ a: 1 });
  });
});
