import { _get, _requestReceiver, around, json, Resource } from "argania";
import { cookieKey } from "argania/cookies";
import {
  defineSession,
  MemorySessionStore,
  type Session,
  SessionLayer,
  type SessionOptions,
  type StoredSession,
} from "argania/middleware";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CookieClient, KEY } from "./cookie-client.ts";
import type { Actions, Data } from "./session-app.ts";

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

const actions: Actions = {
  anonymous: (session) => void session.set("cart", ["a"]),
  login: (session) => void session.regenerate().set("userId", "7"),
  logout: (session) => void session.destroy(),
  change: (session) => void session.set("text", "new"),
};

/** What a slow request does at its end, with the session it has had from its beginning. */
const ends: Actions = {
  reads: (session) => session.get("cart"),
  changes: (session) => void session.set("notice", "late"),
  regenerates: (session) => void session.regenerate(),
  logsInAnew: (session) => void session.destroy().set("userId", "8"),
};

function app(session: StoredSession<Data>) {
  const [entered, goOn] = [gate(), gate()];
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root.addLayerTo(_requestReceiver(new SessionLayer(session)));
  const add = (name: string, handle: (current: Session<Data>) => unknown) =>
    root.subresource(`/${name}`).setHandlerFor(
      _get.to([session], async (current) => {
        await handle(current);
        return json(current);
      }),
    );
  for (const [name, action] of Object.entries(actions)) {
    add(name, action);
  }
  for (const [name, end] of Object.entries(ends)) {
    add(name, async (current) => {
      entered.open();
      await goOn.opened;
      end(current);
    });
  }
  add("all", () => undefined);
  return { service: root.intoService(), entered: entered.opened, goOn: goOn.open };
}

afterEach(() => {
  vi.useRealTimers();
});

/** `first`, then `slow` begins; `meanwhile` comes and goes; then `slow` ends. */
async function race(first: string, slow: string, meanwhile: string, options: SessionOptions = {}) {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
  const store = new MemorySessionStore();
  const { service, entered, goOn } = app(defineSession<Data>({ ...options, store }));
  const client = new CookieClient(service);
  await client.ask(`/${first}`);
  vi.setSystemTime(Date.now() + 20_000_000);
  const pending = client.ask(`/${slow}`);
  await entered;
  await client.ask(`/${meanwhile}`);
  goOn();
  const cookies = (await pending).headers.getSetCookie();
  const all: unknown = await (await client.ask("/all")).json();
  return { cookies, all, size: store.size };
}

describe.each<[string, SessionOptions]>([
  ["in a store", {}],
  ["in a store, with a persistent cookie", { persistent: true }],
])("a session %s, and a request that was under way", (_, options) => {
  it.each(["reads", "changes", "regenerates"])("a login stays one when it %s", async (slow) => {
    const { cookies, all, size } = await race("anonymous", slow, "login", options);
    expect(all).toEqual({ cart: ["a"], userId: "7" });
    expect([cookies, size]).toEqual([[], 1]);
  });

  it.each(["reads", "changes", "regenerates"])("a logout stays one when it %s", async (slow) => {
    const { cookies, all, size } = await race("login", slow, "logout", options);
    expect([cookies, all, size]).toEqual([[], {}, 0]);
  });

  it("a change stays when it only reads", async () => {
    const { all } = await race("login", "reads", "change", options);
    expect(all).toEqual({ userId: "7", text: "new" });
  });

  it("has what it begins anew, after a logout, too", async () => {
    const { cookies, all, size } = await race("login", "logsInAnew", "logout", options);
    expect([cookies.length, all, size]).toEqual([1, { userId: "8" }, 1]);
  });
});

it("a request that only reads renews the session in the store", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
  const store = new MemorySessionStore();
  const save = vi.spyOn(store, "save");
  const client = new CookieClient(app(defineSession<Data>({ store })).service);
  await client.ask("/login");
  vi.setSystemTime(Date.now() + 20_000_000);
  await client.ask("/all");
  await client.ask("/all");
  expect(save.mock.calls.map(([, text]) => text)).toEqual([
    '[1,1800000000,1800000000,{"userId":"7"}]',
    '[1,1800000000,1800020000,{"userId":"7"}]',
  ]);
});

it("the layer may be left twice, when what is inside is called again", async () => {
  const store = new MemorySessionStore();
  const session = defineSession<Data>({ store });
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  const twice = around(async (_, next) => {
    await next();
    return next();
  });
  root.addLayerTo(_requestReceiver([twice, new SessionLayer(session)]));
  root.subresource("/login").setHandlerFor(
    _get.to([session], (current) => {
      current.regenerate().set("userId", "7");
      return "";
    }),
  );
  root.subresource("/again").setHandlerFor(
    _get.to([session], (current) => {
      current.set("text", `${current.get("text") ?? ""}x`);
      return "";
    }),
  );
  root.subresource("/all").setHandlerFor(_get.to([session], (current) => json(current)));
  const client = new CookieClient(root.intoService());
  await client.ask("/again");
  expect(await (await client.ask("/all")).json()).toEqual({ text: "xx" });
  await client.ask("/login");
  expect(await (await client.ask("/all")).json()).toEqual({ text: "xx", userId: "7" });
  expect(store.size).toBe(1);
});
