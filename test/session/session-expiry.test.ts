import { defineSession, MemorySessionStore, type SessionOptions } from "argania/middleware";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CookieClient } from "./cookie-client.ts";
import { type Data, sessionApp } from "./session-app.ts";

const actions = {
  login: (session: { set(key: "userId", value: string): unknown }) => void session.set("userId", "7"),
  user: (session: { get(key: "userId"): unknown }) => session.get("userId"),
  renew: (session: { regenerate(): unknown }) => void session.regenerate(),
};
const options: SessionOptions = { idleTimeout: 100, lifetime: 1000 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

describe.each([
  ["in a cookie", () => sessionApp(defineSession<Data>(options), actions)],
  [
    "in a store",
    () => sessionApp(defineSession<Data>({ ...options, store: new MemorySessionStore() }), actions),
  ],
])("a session %s", (_, app) => {
  const loggedIn = async () => {
    const client = new CookieClient(app().service);
    await client.ask("/login");
    return client;
  };

  it("is over after its idle timeout, on the server, and not before", async () => {
    const client = await loggedIn();
    later(99);
    expect(await client.copy().text("/user")).toBe('"7"');
    const idle = await loggedIn();
    later(100);
    expect(await idle.text("/user")).toBe("null");
  });

  it("lives as long as it is asked for, up to its lifetime", async () => {
    const client = await loggedIn();
    for (let at = 50; at < 1000; at += 50) {
      later(50);
      expect(await client.text("/user"), `after ${at}`).toBe('"7"');
    }
    later(50);
    expect(await client.text("/user")).toBe("null");
  });

  it("is not renewed by requests that do not ask for it", async () => {
    const client = await loggedIn();
    for (let at = 0; at < 100; at += 25) {
      later(25);
      await client.text("/other");
    }
    expect(await client.text("/user")).toBe("null");
  });

  it("begins its lifetime anew when it is regenerated", async () => {
    const client = await loggedIn();
    for (let at = 50; at <= 900; at += 50) {
      later(50);
      await client.ask(at === 900 ? "/renew" : "/user");
    }
    later(99);
    expect(await client.text("/user")).toBe('"7"');
    later(50);
    expect(await client.text("/user")).toBe('"7"');
  });
});

it("a cookie is written again after a tenth of the idle timeout", async () => {
  const client = new CookieClient(sessionApp(defineSession<Data>(options), actions).service);
  await client.ask("/login");
  later(9);
  expect((await client.ask("/user")).headers.getSetCookie()).toEqual([]);
  later(1);
  expect((await client.ask("/user")).headers.getSetCookie()).toHaveLength(1);
});

it("a shorter timeout counts for sessions that there are", async () => {
  const client = new CookieClient(sessionApp(defineSession<Data>(options), actions).service);
  await client.ask("/login");
  later(50);
  const shorter = new CookieClient(sessionApp(defineSession<Data>({ idleTimeout: 30 }), actions).service);
  shorter.cookies.set("session", client.cookies.get("session") as string);
  expect(await shorter.text("/user")).toBe("null");
});

it("a persistent cookie lives no longer than its session", async () => {
  const session = defineSession<Data>({ idleTimeout: 100, lifetime: 120, persistent: true });
  const client = new CookieClient(sessionApp(session, actions).service);
  expect((await client.ask("/login")).headers.get("set-cookie")).toContain("Max-Age=100;");
  later(50);
  expect((await client.ask("/user")).headers.get("set-cookie")).toContain("Max-Age=70;");
});
