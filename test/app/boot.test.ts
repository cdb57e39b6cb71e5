import { _get, _requestPasser, around, currentContext, Resource, Router } from "argania";
import { App, AppStateError, type Initializer, InitializerError, initializer } from "argania/app";
import { describe, expect, test, vi } from "vitest";
import { appOf, boom, failureOf, hello, noting } from "./apps.ts";

const names = ["one", "two", "three"];

describe("an app boots", () => {
  test("configuration, beforeRun in order, routes, afterRoutes in order; it shuts down in reverse", async () => {
    const log: string[] = [];
    const app = appOf(
      names.map((name) => noting(name, log)),
      {
        routes: () => {
          log.push("routes");
          return hello();
        },
      },
    );
    expect(log).toEqual([]);
    await app.service();
    expect(log).toEqual([
      "one beforeRun",
      "two beforeRun",
      "three beforeRun",
      "routes",
      "one afterRoutes",
      "two afterRoutes",
      "three afterRoutes",
    ]);
    log.length = 0;
    await app.close();
    expect(log).toEqual(["three onShutdown", "two onShutdown", "one onShutdown"]);
    await app.closed;
  });

  test.each([true, false])("with asyncContext as the configuration says: %s", async (asyncContext) => {
    const routes = () => new Resource("/").setHandlerFor(_get.to(() => currentContext()?.path ?? "nowhere"));
    const app = appOf([], { routes, config: { server: { asyncContext } } });
    expect(await (await (await app.service()).request("/")).text()).toBe(asyncContext ? "/" : "nowhere");
    await app.close();
  });

  test("once, however often it is asked", async () => {
    const log: string[] = [];
    const app = appOf([noting("one", log)]);
    const [first, second] = await Promise.all([app.service(), app.service()]);
    expect(first).toBe(second);
    expect(log).toEqual(["one beforeRun", "one afterRoutes"]);
    await Promise.all([app.close(), app.close()]);
    expect(log.filter((line) => line.endsWith("onShutdown"))).toHaveLength(1);
  });

  test("with what initializers return in the context, which is frozen then", async () => {
    const seen: unknown[] = [];
    const first = initializer({
      name: "first",
      beforeRun: async ({ context }) => {
        seen.push({ ...context });
        return { db: 1 };
      },
      onShutdown: ({ context }) => {
        seen.push(context.db);
      },
    });
    const second = initializer({
      name: "second",
      beforeRun: ({ context }: { context: { db: number } }) => ({ cache: context.db + 1 }),
    });
    const base = { start: 0 };
    const app = new App({
      context: base,
      environment: "staging",
      config: { size: 7 },
      initializers: [first, second],
      routes: (router, { context, config, environment }) => {
        router
          .resource("/")
          .setHandlerFor(
            _get.to(() => `${context.start} ${context.db} ${context.cache} ${config.size} ${environment}`),
          );
      },
    });
    const service = await app.service();
    expect(await (await service.request("/")).text()).toBe("0 1 2 7 staging");
    expect(app.context).toEqual({ start: 0, db: 1, cache: 2 });
    expect(base).toEqual({ start: 0 });
    expect(Object.isFrozen(app.context)).toBe(true);
    await app.close();
    expect(seen).toEqual([{ start: 0 }, 1]);
  });

  test.each([
    ["one resource", () => hello()],
    ["several", () => [hello(), new Resource("/a")]],
    ["the router", (router: Router) => router.addResource(hello())],
    ["nothing", async (router: Router) => void router.addResource(hello())],
  ])("with routes that return %s", async (_, routes) => {
    const app = appOf([], { routes });
    expect(await (await (await app.service()).request("/")).text()).toBe("hello");
    await app.close();
  });

  test("with resources that only afterRoutes adds", async () => {
    const afterRoutes = (router: Router) => router.addResource(hello());
    const app = appOf([{ name: "pages", afterRoutes }], { routes: () => {} });
    expect(await (await (await app.service()).request("/")).text()).toBe("hello");
    await app.close();
  });

  test("with layers that afterRoutes adds", async () => {
    const layer = around(async (_, next) => {
      const response = await next();
      response.headers.set("x-layer", "yes");
      return response;
    });
    const app = appOf([
      { name: "layers", afterRoutes: (router) => router.addLayerTo(_requestPasser(layer)) },
      {
        name: "more",
        afterRoutes: (router) =>
          void router.addResource(new Resource("/more").setHandlerFor(_get.to(() => "more"))),
      },
    ]);
    const service = await app.service();
    expect((await service.request("/")).headers.get("x-layer")).toBe("yes");
    expect(await (await service.request("/more")).text()).toBe("more");
    await app.close();
  });

  test("with the methods of a class, which keep their this", async () => {
    class Counter {
      readonly name = "counter";
      #count = 0;
      beforeRun(): void {
        this.#count += 1;
      }
      onShutdown(): void {
        log.push(`count ${this.#count}`);
      }
    }
    const log: string[] = [];
    const app = appOf([new Counter()]);
    await app.service();
    await app.close();
    expect(log).toEqual(["count 1"]);
  });
});

describe("what fails while it boots", () => {
  test.each([
    ["beforeRun", ["one onShutdown"]],
    ["afterRoutes", ["three onShutdown", "two onShutdown", "one onShutdown"]],
  ] as const)("%s: it is named, and those whose turn is over are shut down", async (phase, ended) => {
    const log: string[] = [];
    const app = appOf(names.map((name) => noting(name, log, name === "two" ? { [phase]: boom } : {})));
    const error = (await failureOf(app.service())) as InitializerError;
    expect(error).toBeInstanceOf(InitializerError);
    expect(error).toMatchObject({
      code: "ARGANIA_INITIALIZER",
      initializer: "two",
      phase,
      name: "InitializerError",
    });
    expect(error.message).toBe(`${phase} of the initializer "two" failed: boom`);
    expect((error.cause as Error).message).toBe("boom");
    expect(log.filter((line) => line.endsWith("onShutdown"))).toEqual(ended);
    await app.closed;
    await app.close();
    expect(await failureOf(app.service())).toBe(error);
  });

  test("routes, and the tree: what they throw is thrown", async () => {
    const log: string[] = [];
    expect((await failureOf(appOf([noting("one", log)], { routes: boom }).service())).message).toBe("boom");
    expect(log).toEqual(["one beforeRun", "one onShutdown"]);
    const routes = (router: Router) =>
      router.addResource(hello()).addLayerTo(_requestPasser((() => 7) as never));
    expect((await failureOf(appOf([], { routes }).service())).code).toBe("ARGANIA_INVALID_TREE");
  });

  test("a shutdown that fails on top is reported, and hides nothing", async () => {
    const log: string[] = [];
    const logger = { error: vi.fn() };
    const app = appOf([noting("one", log, { onShutdown: boom }), noting("two", log, { beforeRun: boom })], {
      logger,
    });
    expect((await failureOf(app.service())).message).toContain('"two" failed');
    expect(logger.error.mock.calls[0]?.[0].err).toMatchObject({ initializer: "one", phase: "onShutdown" });
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
  });

  const useless: readonly (readonly [string, () => unknown, RegExp])[] = [
    ["beforeRun", () => new Map(), /returned a Map: return \{ name: value \}/],
    ["beforeRun", () => 7, /returned a number/],
    ["beforeRun", () => ({ start: 2 }), /provides "start", which the context has already/],
    ["beforeRun", () => JSON.parse('{"__proto__":{}}'), /__proto__/],
    ["afterRoutes", () => new Router(), /returned another router: change the router that it is given/],
    ["afterRoutes", () => hello(), /returned a Resource/],
  ];
  test.each(useless)("%s returns what nobody can use", async (phase, hook, message) => {
    const onShutdown = vi.fn();
    const wrong = { name: "wrong", [phase]: hook, onShutdown } as Initializer;
    const app = appOf([wrong], { context: { start: 1 } });
    const error = await failureOf(app.service());
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ initializer: "wrong", phase });
    expect(onShutdown).toHaveBeenCalledOnce();
  });

  test.each([
    [() => new Router(), /no other one/],
    [() => 7, /Expected a resource/],
    [() => void new Resource("/"), /has no resource.*With braces it needs a return/],
    [() => [], /has no resource/],
  ])("routes return what nobody can use", async (routes, message) => {
    expect((await failureOf(appOf([], { routes: routes as never }).service())).message).toMatch(message);
  });
});

test("what runs in the first process provides nothing, with or without workers", async () => {
  const first = { name: "first", runsIn: "first", beforeRun: () => ({ db: 1 }) } as unknown as Initializer;
  const error = await failureOf(appOf([first]).service());
  expect(error.message).toMatch(/provides "db", which workers would not have/);
  await appOf([{ name: "nothing", runsIn: "first", beforeRun: () => ({}) as never }]).service();
});

test("an app that is closed does not begin again", async () => {
  const app = appOf([]);
  await app.close();
  for (const begin of [() => app.service(), () => app.run()]) {
    const error = await failureOf(begin());
    expect(error).toBeInstanceOf(AppStateError);
    expect(error.code).toBe("ARGANIA_APP_STATE");
  }
});
