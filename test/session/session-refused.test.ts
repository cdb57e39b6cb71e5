import { defineSession, MemorySessionStore } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CookieClient } from "./cookie-client.ts";
import { type Actions, type Data, sessionApp } from "./session-app.ts";

const actions: Actions = {
  login: (session) => void session.regenerate().set("userId", "7"),
  again: (session) => void session.regenerate().set("text", "x"),
  read: (session) => session.get("userId"),
  logout: (session) => void session.destroy(),
  regenerate: (session) => void session.regenerate(),
};
/** What a release with other data takes. */
const schema = z.object({ userId: z.number().optional(), text: z.string().optional() });

describe.each([
  ["in a store", true],
  ["in a cookie", false],
])("a session %s that does not fit its schema", (_, isStored) => {
  async function loggedIn() {
    const store = new MemorySessionStore();
    const options = isStored ? { store } : {};
    const before = sessionApp(defineSession<Data>(options as { store: MemorySessionStore }), actions);
    const after = sessionApp(defineSession({ ...options, schema } as never), actions);
    const old = new CookieClient(before.service);
    await old.ask("/login");
    const client = new CookieClient(after.service);
    client.cookies.set("session", old.cookies.get("session") as string);
    return { store, old, client };
  }

  it.each(["/logout", "/regenerate"])("is over with %s", async (path) => {
    const { store, old, client } = await loggedIn();
    expect((await client.ask(path)).headers.getSetCookie()).toEqual([
      expect.stringMatching(/^session=; Max-Age=0/),
    ]);
    expect(store.size).toBe(0);
    expect(await old.text("/read")).toBe(isStored ? "null" : '"7"');
  });

  it("is over with a new login", async () => {
    const { store, old, client } = await loggedIn();
    expect((await client.ask("/again")).headers.getSetCookie()).toHaveLength(1);
    expect(await (await client.ask("/all")).json()).toEqual({ text: "x" });
    expect(store.size).toBe(isStored ? 1 : 0);
    expect(await old.text("/read")).toBe(isStored ? "null" : '"7"');
  });

  it("is left alone by who only reads it", async () => {
    const { store, old, client } = await loggedIn();
    const response = await client.ask("/read");
    expect([await response.text(), response.headers.getSetCookie()]).toEqual(["null", []]);
    expect(store.size).toBe(isStored ? 1 : 0);
    expect(await old.text("/read")).toBe('"7"');
  });
});
