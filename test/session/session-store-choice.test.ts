import { _get, _requestPasser, type ErrorReport, type RequestContext, Resource } from "argania";
import { App, ContextKey, initializer } from "argania/app";
import { cookieKey } from "argania/cookies";
import { defineSession, MemorySessionStore, SessionLayer, type SessionStore } from "argania/middleware";
import { describe, expect, it, vi } from "vitest";
import { CookieClient, KEY } from "./cookie-client.ts";
import { type Actions, type Data, sessionApp } from "./session-app.ts";

const actions: Actions = {
  user: (session) => session.get("userId"),
  anonymous: (session) => void session.set("cart", ["a"]),
  login: (session) => void session.regenerate().set("userId", "7"),
  logout: (session) => void session.destroy(),
};

describe("a function that finds the store", () => {
  it("is called once for a request that asks for the session, and for no other", async () => {
    const store = new MemorySessionStore();
    const choose = vi.fn((_: RequestContext<object>) => store);
    const { service } = sessionApp(defineSession<Data>({ store: choose }), actions);
    const client = new CookieClient(service);
    await client.ask("/other");
    expect(choose).not.toHaveBeenCalled();
    await client.ask("/anonymous");
    await client.ask("/login");
    expect(choose.mock.calls.map(([context]) => context.path)).toEqual(["/anonymous", "/login"]);
    expect(await client.text("/user")).toBe('"7"');
    expect(store.size).toBe(1);
    await client.ask("/logout");
    expect(store.size).toBe(0);
    expect(choose).toHaveBeenCalledTimes(4);
  });

  it("keeps a session where it was loaded from, whatever the function would say later", async () => {
    const stores = [new MemorySessionStore(), new MemorySessionStore()];
    let calls = 0;
    const store = () => stores[calls++] as SessionStore;
    const { service } = sessionApp(defineSession<Data>({ store }), actions);
    await new CookieClient(service).ask("/login");
    expect(stores.map(({ size }) => size)).toEqual([1, 0]);
  });

  it("can tell tenants apart: the cookie of one is no session of another", async () => {
    const stores: Record<string, MemorySessionStore> = {
      "a.example.com": new MemorySessionStore(),
      "b.example.com": new MemorySessionStore(),
    };
    const session = defineSession<Data>({ store: ({ host }) => stores[host] as MemorySessionStore });
    const { service } = sessionApp(session, actions);
    const ask = (host: string, path: string, cookie = "") =>
      service.request(`http://${host}${path}`, { headers: { cookie } });
    const login = await ask("a.example.com", "/login");
    const [cookie] = (login.headers.get("set-cookie") ?? "").split(";");
    expect(await (await ask("a.example.com", "/user", cookie)).text()).toBe('"7"');
    expect(await (await ask("b.example.com", "/user", cookie)).text()).toBe("null");
  });

  it.each([
    ["throws", () => fail(), /no store today/],
    [
      "gives none",
      () => undefined,
      /^store of defineSession is a function that returns a store.* undefined\.$/,
    ],
    ["gives a promise", async () => new MemorySessionStore(), /load, save, delete, and it returned/],
    ["gives a promise that fails", async () => fail(), /load, save, delete, and it returned/],
  ])("that %s is a 500, and says so in the log", async (_, store, message) => {
    const options = { store: store as unknown as () => SessionStore };
    const { service, errors } = sessionApp(defineSession<Data>(options), actions);
    const client = new CookieClient(service);
    expect((await client.ask("/user")).status).toBe(500);
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
    expect((await client.ask("/other")).status).toBe(200);
  });

  it("takes a function with load, save and delete for a store", async () => {
    const memory = new MemorySessionStore();
    const store = Object.assign(() => fail(), {
      load: (id: string) => memory.load(id),
      save: memory.save.bind(memory),
      delete: memory.delete.bind(memory),
    });
    const { service } = sessionApp(defineSession<Data>({ store: store as SessionStore }), actions);
    const client = new CookieClient(service);
    await client.ask("/login");
    expect(await client.text("/user")).toBe('"7"');
  });
});

function fail(): never {
  throw new Error("no store today");
}

it("finds the store that an initializer of the app has opened", async () => {
  const shop = new ContextKey<{ readonly sessions: SessionStore }>("shop");
  const session = defineSession<Data>({ store: (context) => shop.of(context).sessions });
  const opened: MemorySessionStore[] = [];
  const sessions = initializer({
    name: "sessions",
    beforeRun: async () => {
      const store = new MemorySessionStore();
      opened.push(store);
      return { sessions: store as SessionStore };
    },
    afterRoutes: (router) => {
      router.setProperty(cookieKey.to(KEY));
      router.addLayerTo(_requestPasser(new SessionLayer(session)));
    },
  });
  const root = () =>
    new Resource("/").setHandlerFor(
      _get.to([session], (current) => {
        current.set("userId", "7");
        return null;
      }),
    );
  const reports: ErrorReport[] = [];
  const logger = { error: (report: ErrorReport) => void reports.push(report) };
  for (const _ of [1, 2]) {
    const app = new App({
      initializers: [sessions],
      contextKey: shop,
      logger,
      routes: (router) => router.addResource(root()),
    });
    expect((await (await app.service()).request("/")).status).toBe(200);
    await app.close();
  }
  expect(opened.map(({ size }) => size)).toEqual([1, 1]);
  expect(reports).toEqual([]);
});
