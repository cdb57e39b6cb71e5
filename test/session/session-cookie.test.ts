import { _get, _requestReceiver, Resource, respond } from "argania";
import { CookieKey, cookieKey } from "argania/cookies";
import { defineSession, SessionLayer, type SessionOptions } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { CookieClient, KEY } from "./cookie-client.ts";
import { type Data, sessionApp } from "./session-app.ts";

const actions = {
  login: (session: { set(key: "userId", value: string): unknown }) => void session.set("userId", "7"),
  user: (session: { get(key: "userId"): unknown }) => session.get("userId"),
};

describe("the cookie", () => {
  it.each<[SessionOptions, string, string]>([
    [{}, "session", "Path=/; HttpOnly; SameSite=Lax"],
    [{ secure: true }, "__Host-session", "Path=/; HttpOnly; Secure; SameSite=Lax"],
    [{ name: "sid", sameSite: "strict", path: "/app" }, "sid", "Path=/app; HttpOnly; SameSite=Strict"],
    [{ name: "__Host-x" }, "__Host-x", "Path=/; HttpOnly; Secure; SameSite=Lax"],
    [{ sameSite: "none" }, "__Host-session", "Path=/; HttpOnly; Secure; SameSite=None"],
    [{ partitioned: true }, "__Host-session", "Path=/; HttpOnly; Secure; Partitioned; SameSite=Lax"],
    [{ persistent: true, idleTimeout: 60 }, "session", "Max-Age=60; Path=/; HttpOnly; SameSite=Lax"],
  ])("over HTTP with %j", async (options, name, attributes) => {
    const client = new CookieClient(sessionApp(defineSession<Data>(options), actions).service);
    const [line = ""] = (await client.ask("/login")).headers.getSetCookie();
    expect(line).toMatch(new RegExp(`^${name}=[\\w-]+; ${attributes}$`));
    expect(await client.text("/user")).toBe('"7"');
  });

  it.each<[SessionOptions, string, string]>([
    [{}, "__Host-session", "Path=/; HttpOnly; Secure; SameSite=Lax"],
    [{ path: "/app" }, "__Secure-session", "Path=/app; HttpOnly; Secure; SameSite=Lax"],
    [
      { domain: "example.com" },
      "__Secure-session",
      "Domain=example.com; Path=/; HttpOnly; Secure; SameSite=Lax",
    ],
    [{ secure: false }, "session", "Path=/; HttpOnly; SameSite=Lax"],
  ])("over HTTPS with %j", async (options, name, attributes) => {
    const { service } = sessionApp(defineSession<Data>(options), actions);
    const client = new CookieClient(service, "https://example.com");
    const [line = ""] = (await client.ask("/login")).headers.getSetCookie();
    expect(line).toMatch(new RegExp(`^${name}=[\\w-]+; ${attributes}$`));
    expect(await client.text("/user")).toBe('"7"');
  });

  it("of HTTP is not read over HTTPS, under any name", async () => {
    const { service } = sessionApp(defineSession<Data>(), actions);
    const plain = new CookieClient(service);
    await plain.ask("/login");
    const secure = new CookieClient(service, "https://example.com");
    const token = plain.cookies.get("session") as string;
    secure.cookies.set("session", token).set("__Host-session", token);
    expect(await secure.text("/user")).toBe("null");
  });

  it("of an older key is read, and written with the newest", async () => {
    const newest = CookieKey.generate();
    const old = new CookieClient(sessionApp(defineSession<Data>(), actions).service);
    await old.ask("/login");
    const { service } = sessionApp(defineSession<Data>(), actions, [newest, KEY]);
    const client = new CookieClient(service);
    client.cookies.set("session", old.cookies.get("session") as string);
    expect((await client.ask("/other")).headers.getSetCookie()).toEqual([]);
    expect((await client.ask("/user")).headers.getSetCookie()).toHaveLength(1);
    expect((await client.ask("/user")).headers.getSetCookie()).toEqual([]);
    const later = new CookieClient(sessionApp(defineSession<Data>(), actions, [newest]).service);
    later.cookies.set("session", client.cookies.get("session") as string);
    expect(await later.text("/user")).toBe('"7"');
  });

  it("needs a key", async () => {
    const { service, errors } = sessionApp(defineSession<Data>(), actions);
    expect((await service.request("/user")).status).toBe(200);
    const session = defineSession();
    const root = new Resource("/").addLayerTo(_requestReceiver(new SessionLayer(session)));
    root.setHandlerFor(_get.to([session], () => "never"));
    const logger = { error: ({ err }: { err: unknown }) => errors.push(err) };
    const response = await root.intoService({ logger }).request("/");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/key|cookie/i);
    expect(errors).toMatchObject([{ code: "ARGANIA_MISSING_COOKIE_KEY" }]);
  });

  it("of two sessions goes its own way", async () => {
    const [first, second] = [defineSession<Data>(), defineSession<Data>({ name: "other" })];
    const { service } = sessionApp(first, actions);
    const client = new CookieClient(service);
    await client.ask("/login");
    const token = client.cookies.get("session") as string;
    const others = new CookieClient(sessionApp(second, actions).service);
    others.cookies.set("other", token).set("session", token);
    expect(await others.text("/user")).toBe("null");
  });
});

describe("options that cannot be meant are refused", () => {
  it.each<[object, string | RegExp]>([
    [{ maxAge: 5 }, 'defineSession has no option "maxAge"'],
    [{ httpOnly: false }, 'no option "httpOnly"'],
    [{ idleTimeout: 1_800_000 }, "Write both in seconds"],
    [{ idleTimeout: 100, lifetime: 50 }, "100 seconds of 50"],
    [{ idleTimeout: 0 }, "idleTimeout of defineSession is a whole number from 1"],
    [{ idleTimeout: 1.5 }, "whole number"],
    [{ lifetime: 86_400_000 }, "from 1 to 34560000"],
    [{ lifetime: "1d" }, "lifetime of defineSession is a number, not a string"],
    [{ persistent: 1 }, "persistent"],
    [{ name: "a b" }, "token"],
    [{ name: 7 }, "token"],
    [{ name: "__Host-a", domain: "example.com" }, "leave out the domain"],
    [{ name: "__Host-a", path: "/a" }, "leave out the path"],
    [{ secure: false, sameSite: "none" }, "leave out secure: false"],
    [{ sameSite: "Lax" }, "sameSite"],
    [{ schema: undefined }, "schema of defineSession is a Standard Schema"],
    [{ schema: {} }, "Standard Schema"],
    [
      { store: undefined },
      "store of defineSession is an object with load, save, delete, or a function (context) => store, not undefined",
    ],
    [{ store: new Map() }, "not a Map"],
    [[], "takes an object of options"],
  ])("%j", (options, message) => {
    expect(() => defineSession(options as never)).toThrow(message);
  });

  it("a layer of no session", () => {
    expect(() => new SessionLayer({} as never)).toThrow("new SessionLayer(defineSession())");
  });
});

it("the cookie is read as no private cookie, and a private cookie as no session", async () => {
  const session = defineSession<Data>();
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root.addLayerTo(_requestReceiver(new SessionLayer(session)));
  root.subresource("/login").setHandlerFor(
    _get.to([session], (current) => {
      current.set("text", "ada@example.com");
      return "";
    }),
  );
  root
    .subresource("/private")
    .setHandlerFor(_get.to((context) => String(context.cookies().private.get("session"))));
  root
    .subresource("/plant")
    .setHandlerFor(
      _get.to((context) =>
        respond(context.cookies().private.set("session", '[1,"id",0,9e9,{"text":"x"}]'), null),
      ),
    );
  root.subresource("/read").setHandlerFor(_get.to([session], (current) => String(current.get("text"))));
  const client = new CookieClient(root.intoService());
  await client.ask("/login");
  expect([await client.text("/read"), await client.text("/private")]).toEqual([
    "ada@example.com",
    "undefined",
  ]);
  await client.ask("/plant");
  expect(await client.text("/private")).toContain('{"text":"x"}');
  expect(await client.text("/read")).toBe("undefined");
});
