import { _get, _requestHandler, _requestReceiver, Resource, Server } from "argania";
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
