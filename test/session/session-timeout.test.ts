import {
  _get,
  _post,
  _requestHandler,
  _requestReceiver,
  around,
  json,
  type LightResponse,
  Resource,
  Server,
} from "argania";
import { cookieKey } from "argania/cookies";
import { defineSession, MemorySessionStore, SessionLayer, TimeoutLayer } from "argania/middleware";
import { expect, it } from "vitest";
import { serve } from "../server/serve.ts";
import { KEY } from "./cookie-client.ts";
import type { Data } from "./session-app.ts";

const lines = (response: Response) => response.headers.getSetCookie();

it("what a handler changes that takes too long is not kept", async () => {
  const session = defineSession<Data>();
  let late: unknown;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root.addLayerTo(_requestReceiver(new SessionLayer(session)));
  root.setHandlerFor(
    _get.to([session], async (current, context) => {
      current.set("userId", "7");
      await new Promise((aborted) => context.signal.addEventListener("abort", aborted));
      await new Promise((later) => setTimeout(later, 20));
      try {
        current.set("userId", "8");
      } catch (error) {
        late = error;
      }
      finish();
    }),
  );
  const service = root.intoService({ logger: { error: () => {} } });
  const { port } = await serve(service, new Server().withLimits({ handlerTimeout: 50 }));
  const response = await fetch(`http://127.0.0.1:${port}/`);
  expect(response.status).toBe(503);
  expect(lines(response)).toEqual([]);
  await finished;
  expect(late).toMatchObject({ code: "ARGANIA_SESSION" });
});

it.each([
  ["inside", true],
  ["outside", false],
])("what a handler changes before a TimeoutLayer %s ends it is not kept", async (_, isInside) => {
  const store = new MemorySessionStore();
  const session = defineSession<Data>({ store });
  let late: unknown;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const layers = [new SessionLayer(session), new TimeoutLayer(20)];
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root.addLayerTo(_requestReceiver(isInside ? layers : layers.reverse()));
  root.addLayerTo(_requestHandler(new SessionLayer(session)));
  root.setHandlerFor(
    _get.to([session], async (current, context) => {
      current.regenerate().set("userId", "7");
      await new Promise((aborted) => context.signal.addEventListener("abort", aborted));
      await new Promise((later) => setTimeout(later, 20));
      try {
        current.set("userId", "8");
      } catch (error) {
        late = error;
      }
      finish();
      return "";
    }),
  );
  const response = await root.intoService({ logger: { error: () => {} } }).request("/");
  expect([response.status, lines(response), store.size]).toEqual([503, [], 0]);
  await finished;
  await new Promise((later) => setImmediate(later));
  expect(late).toMatchObject({ code: "ARGANIA_SESSION" });
  expect(store.size).toBe(0);
});

it.each([
  ["the server", new Server().withLimits({ handlerTimeout: 30 }), []],
  ["a TimeoutLayer", new Server(), [new TimeoutLayer(30)]],
])(
  "a session that is asked for after the deadline of %s stays in its store as it is",
  async (_, server, layers) => {
    const store = new MemorySessionStore();
    const session = defineSession<Data>({ store });
    let finish: (response: LightResponse) => void = () => {};
    const finished = new Promise<LightResponse>((resolve) => {
      finish = resolve;
    });
    const noting = around(async (context, next) => {
      const response = await next();
      if (context.path === "/late") {
        finish(response);
      }
      return response;
    });
    const root = new Resource("/").setProperty(cookieKey.to(KEY));
    root.addLayerTo(_requestReceiver([...layers, noting, new SessionLayer(session)]));
    root
      .subresource("/login")
      .setHandlerFor(_post.to([session], (current) => json(current.set("userId", "7"))));
    root.subresource("/me").setHandlerFor(_get.to([session], (current) => json(current)));
    root.subresource("/late").setHandlerFor(
      _get.to(async (context) => {
        await new Promise((aborted) => context.signal.addEventListener("abort", aborted));
        (await session.of(context)).regenerate().set("userId", "8");
        return "";
      }),
    );
    const { port } = await serve(root.intoService({ logger: { error: () => {} } }), server);
    const url = `http://127.0.0.1:${port}`;
    const [line = ""] = lines(await fetch(`${url}/login`, { method: "POST" }));
    const headers = { cookie: line.split(";")[0] ?? "" };
    const late = await fetch(`${url}/late`, { headers });
    expect([late.status, lines(late)]).toEqual([503, []]);
    await finished;
    expect(await (await fetch(`${url}/me`, { headers })).json()).toEqual({ userId: "7" });
  },
);

it("a layer that tries again after a deadline has its session kept", async () => {
  const session = defineSession<Data>({ store: new MemorySessionStore() });
  const retry = around(async (_, next) => {
    try {
      return await next();
    } catch {
      return next();
    }
  });
  let tries = 0;
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root.addLayerTo(_requestReceiver([retry, new TimeoutLayer(20), new SessionLayer(session)]));
  root.setHandlerFor(
    _get.to([session], async (current, { signal }) => {
      if (tries++ === 0) {
        await new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
      }
      return json(current.set("userId", "7"));
    }),
  );
  const response = await root.intoService().request("/");
  expect([response.status, lines(response).length]).toEqual([200, 1]);
});
