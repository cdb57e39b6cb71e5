import { _get, _requestReceiver, type ErrorReport, Resource } from "argania";
import { cookieKey } from "argania/cookies";
import { defineSession, MemorySessionStore, SessionLayer, type SessionStore } from "argania/middleware";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { CookieClient, KEY } from "./cookie-client.ts";
import { type Actions, type Data, sessionApp } from "./session-app.ts";

const actions: Actions = {
  user: (session) => session.get("userId"),
  anonymous: (session) => void session.set("cart", ["a"]),
  push: (session) => void session.get("cart")?.push("b"),
  login: (session) => void session.regenerate().set("userId", "7"),
  large: (session) => void session.set("text", "x".repeat(100_000)),
  logout: (session) => void session.destroy(),
};

/** A store that answers later, as one over the network does, and says what it is asked. */
function slowStore(): SessionStore & { readonly calls: string[]; readonly memory: MemorySessionStore } {
  const memory = new MemorySessionStore();
  const calls: string[] = [];
  return {
    calls,
    memory,
    load: async (id) => {
      calls.push("load");
      return memory.load(id);
    },
    save: async (id, text, options) => {
      calls.push(options.isNew ? "create" : "update");
      return memory.save(id, text, options);
    },
    delete: async (id) => {
      calls.push("delete");
      memory.delete(id);
    },
  };
}

describe("a session in a store", () => {
  it("has an id in its cookie, and its data on the server", async () => {
    const store = slowStore();
    const client = new CookieClient(sessionApp(defineSession<Data>({ store }), actions).service);
    await client.ask("/login");
    await client.ask("/large");
    expect(client.cookies.get("session")?.length).toBeLessThan(150);
    expect(await client.text("/user")).toBe('"7"');
    expect(store.calls).toEqual(["create", "load", "update", "load"]);
  });

  it("is not loaded before it is asked for, and not saved unless changed", async () => {
    const store = slowStore();
    const { service } = sessionApp(defineSession<Data>({ store }), actions);
    const client = new CookieClient(service);
    await client.ask("/user");
    await client.ask("/other");
    expect(store.calls).toEqual([]);
    await client.ask("/login");
    store.calls.length = 0;
    await client.ask("/other");
    await client.ask("/user");
    expect(store.calls).toEqual(["load"]);
  });

  it("keeps changes in what get returned", async () => {
    const store = slowStore();
    const client = new CookieClient(sessionApp(defineSession<Data>({ store }), actions).service);
    await client.ask("/anonymous");
    expect((await client.ask("/push")).headers.getSetCookie()).toEqual([]);
    expect(await (await client.ask("/all")).json()).toEqual({ cart: ["a", "b"] });
  });

  it("gets another id at a login: who knew the one before has nothing of it", async () => {
    const store = slowStore();
    const client = new CookieClient(sessionApp(defineSession<Data>({ store }), actions).service);
    await client.ask("/anonymous");
    const attacker = client.copy();
    await client.ask("/login");
    expect(await client.text("/user")).toBe('"7"');
    expect(await (await client.ask("/all")).json()).toEqual({ cart: ["a"], userId: "7" });
    expect(await attacker.text("/user")).toBe("null");
    expect(store.memory.size).toBe(1);
  });

  it("is over everywhere when it is destroyed", async () => {
    const store = slowStore();
    const client = new CookieClient(sessionApp(defineSession<Data>({ store }), actions).service);
    await client.ask("/login");
    const copy = client.copy();
    expect((await client.ask("/logout")).headers.get("set-cookie")).toMatch(/^session=; Max-Age=0/);
    expect(store.memory.size).toBe(0);
    expect(await copy.text("/user")).toBe("null");
  });

  it("may be asked for with of(context), which is a promise", async () => {
    const session = defineSession<Data>({ store: new MemorySessionStore() });
    const root = new Resource("/").setProperty(cookieKey.to(KEY));
    root.addLayerTo(_requestReceiver(new SessionLayer(session)));
    root.setHandlerFor(
      _get.to(async (context) => {
        const [one, two] = await Promise.all([session.of(context), session.of(context)]);
        expect(one).toBe(two);
        const before = one.get("userId");
        one.set("userId", "7");
        return before ?? "nobody";
      }),
    );
    const client = new CookieClient(root.intoService());
    expect(await client.text("/")).toBe("nobody");
    expect(await client.text("/")).toBe("7");
  });

  it.each(["load", "save", "delete"] as const)("whose %s fails is a 500", async (method) => {
    const store = slowStore();
    const { service, errors } = sessionApp(defineSession<Data>({ store }), actions);
    const client = new CookieClient(service);
    await client.ask("/login");
    const down = { ...store, [method]: () => Promise.reject(new Error("The store is down.")) };
    const broken = sessionApp(defineSession<Data>({ store: down }), actions);
    const after = new CookieClient(broken.service);
    after.cookies.set("session", client.cookies.get("session") as string);
    const response = await after.ask(
      method === "save" ? "/anonymous" : method === "load" ? "/user" : "/logout",
    );
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("store");
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(errors).toEqual([]);
    expect(broken.errors).toMatchObject([{ message: "The store is down." }]);
  });

  it("reads as absent when the store has something else", async () => {
    const store: SessionStore = { load: () => '{"userId":"7"}', save: () => {}, delete: () => {} };
    const client = new CookieClient(sessionApp(defineSession<Data>({ store }), actions).service);
    await client.ask("/login");
    expect(await client.text("/user")).toBe("null");
  });

  it("is no session of a cookie, nor the other way round", async () => {
    const stored = new CookieClient(
      sessionApp(defineSession<Data>({ store: new MemorySessionStore() }), actions).service,
    );
    const whole = new CookieClient(sessionApp(defineSession<Data>(), actions).service);
    await stored.ask("/login");
    await whole.ask("/login");
    const token = stored.cookies.get("session") as string;
    stored.cookies.set("session", whole.cookies.get("session") as string);
    whole.cookies.set("session", token);
    expect(await stored.text("/user")).toBe("null");
    expect(await whole.text("/user")).toBe("null");
  });
});

it("a handler outside of the layer of a stored session is told what to do", async () => {
  const session = defineSession<Data>({ store: new MemorySessionStore() });
  const errors: unknown[] = [];
  const root = new Resource("/").setHandlerFor(
    _get.to(async (context) => (await session.of(context)).get("userId")),
  );
  const logger = { error: ({ err }: ErrorReport) => errors.push(err) };
  expect((await root.intoService({ logger }).request("/")).status).toBe(500);
  expect(errors).toMatchObject([{ message: expect.stringContaining("new SessionLayer(session)") }]);
});

describe("MemorySessionStore", () => {
  it("forgets those that nobody has saved for longest", () => {
    const store = new MemorySessionStore({ capacity: 2 });
    const save = (id: string, isNew = true) => store.save(id, id, { ttl: 60, isNew });
    save("a");
    save("b");
    save("a", false);
    save("c");
    expect(["a", "b", "c"].map((id) => store.load(id))).toEqual(["a", undefined, "c"]);
    expect(save("b", false)).toBe(false);
    expect(store.size).toBe(2);
  });

  it("forgets those that are over first", () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const store = new MemorySessionStore({ capacity: 3 });
    const save = (id: string, ttl: number) => store.save(id, id, { ttl, isNew: true });
    save("live", 600);
    save("over", 5);
    save("late", 600);
    vi.setSystemTime(Date.now() + 10_000);
    save("new", 600);
    expect(["live", "over", "late", "new"].map((id) => store.load(id))).toEqual([
      "live",
      undefined,
      "late",
      "new",
    ]);
    save("newer", 600);
    expect([store.load("live"), store.size]).toEqual([undefined, 3]);
  });

  it.each([[{ capacity: 0 }], [{ capacity: "9" }], [{ ttl: 5 }]])("refuses %j", (options) => {
    expect(() => new MemorySessionStore(options as never)).toThrow("MemorySessionStore");
  });
});
