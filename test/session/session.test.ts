import { defineSession } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { CookieClient } from "./cookie-client.ts";
import { type Data, sessionApp } from "./session-app.ts";

const ids: string[] = [];
const app = sessionApp(defineSession<Data>(), {
  login: (session) => void session.regenerate().set("userId", "7"),
  user: (session) => session.get("userId"),
  same: (session) => void session.set("userId", session.get("userId") ?? ""),
  empty: (session) => [session.isNew, session.get("userId"), session.has("userId"), session.toJSON()],
  start: (session) => void session.set("cart", ["a"]),
  push: (session) => void session.get("cart")?.push("b"),
  json: (session) => void session.toJSON().cart?.push("c"),
  back: (session) => {
    session.set("userId", "8").set("userId", "7");
  },
  unset: (session) => void session.delete("userId").set("cart", undefined as never),
  notice: (session) => void session.set("notice", "Saved."),
  take: (session) => session.take("notice"),
  clear: (session) => void session.clear(),
  destroy: (session) => void session.destroy(),
  again: (session) => void session.destroy().set("userId", "9"),
  id: (session) => void ids.push(session.id),
  idOfNobody: (session) => session.id.length,
  proto: (session) => void session.set("__proto__" as "userId", "x"),
});
const client = () => new CookieClient(app.service);
const lines = (response: Response) => response.headers.getSetCookie();

describe("a session in a cookie", () => {
  it("is empty and new before anything is set, and then sets no cookie", async () => {
    const response = await client().ask("/empty");
    expect(await response.json()).toEqual([true, null, false, {}]);
    expect(lines(response)).toEqual([]);
    expect(lines(await client().ask("/idOfNobody"))).toEqual([]);
  });

  it("keeps what is set, where nobody but the server can read it", async () => {
    const browser = client();
    const [line = ""] = lines(await browser.ask("/login"));
    expect(line).toMatch(/^session=[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(Buffer.from(line.slice(8).split(";")[0] as string, "base64url").toString("latin1")).not.toContain(
      "userId",
    );
    expect(await browser.text("/user")).toBe('"7"');
    expect(await (await browser.ask("/all")).json()).toEqual({ userId: "7" });
    expect(await client().text("/user")).toBe("null");
  });

  it.each(["/user", "/same", "/back", "/all", "/take", "/other"])(
    "is not written again by %s",
    async (path) => {
      const browser = client();
      await browser.ask("/login");
      expect(lines(await browser.ask(path))).toEqual([]);
    },
  );

  it("keeps changes in what get and toJSON returned", async () => {
    const browser = client();
    await browser.ask("/start");
    expect(lines(await browser.ask("/push"))).toHaveLength(1);
    expect(lines(await browser.ask("/json"))).toHaveLength(1);
    expect(await (await browser.ask("/all")).json()).toEqual({ cart: ["a", "b", "c"] });
  });

  it("has values that are read once", async () => {
    const browser = client();
    await browser.ask("/login");
    await browser.ask("/notice");
    expect(await browser.text("/take")).toBe('"Saved."');
    expect(await browser.text("/take")).toBe("null");
    expect(await browser.text("/user")).toBe('"7"');
  });

  it("deletes single values", async () => {
    const browser = client();
    await browser.ask("/login");
    await browser.ask("/start");
    await browser.ask("/notice");
    await browser.ask("/unset");
    expect(await (await browser.ask("/all")).json()).toEqual({ notice: "Saved." });
  });

  it.each(["/clear", "/destroy", "/unset"])("without data is removed from the browser: %s", async (path) => {
    const browser = client();
    await browser.ask("/login");
    expect(lines(await browser.ask(path))).toEqual([
      "session=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
    ]);
    expect(browser.cookies.size).toBe(0);
    expect(await browser.text("/user")).toBe("null");
    expect(lines(await browser.ask(path))).toEqual([]);
  });

  it("has an id until it is regenerated or destroyed", async () => {
    const browser = client();
    for (const path of ["/start", "/id", "/push", "/id", "/login", "/id", "/again", "/id"]) {
      await browser.ask(path);
    }
    const [first, second, third, fourth] = ids.splice(0);
    expect(first).toMatch(/^[\da-f-]{36}$/);
    expect(second).toBe(first);
    expect(new Set([second, third, fourth]).size).toBe(3);
    expect(await (await browser.ask("/all")).json()).toEqual({ userId: "9" });
  });

  it("holds any name without touching prototypes", async () => {
    const browser = client();
    await browser.ask("/proto");
    expect(await browser.text("/all")).toBe('{"__proto__":"x"}');
    expect(({} as Record<string, unknown>).userId).toBeUndefined();
  });
});

describe("caches", () => {
  it("are told of a session that was asked for, and only then", async () => {
    const asked = await client().ask("/user");
    expect(asked.headers.get("vary")).toBe("Cookie");
    expect(asked.headers.get("cache-control")).toBe("private, no-cache");
    const other = await client().ask("/other");
    expect([...other.headers.keys()]).not.toEqual(expect.arrayContaining(["vary"]));
    expect(other.headers.get("cache-control")).toBeNull();
  });

  it.each([
    ["public, max-age=60", false, "public, max-age=60"],
    ["public, max-age=60", true, "private, no-cache"],
    ['private="set-cookie"', true, "private, no-cache"],
    ["no-store", true, "no-store"],
    ["max-age=5, private", true, "max-age=5, private"],
  ])("are told %s by the handler, and a cookie is set: %s", async (given, isSet, expected) => {
    const { service } = sessionApp(defineSession<Data>(), {
      page: (session) => {
        if (isSet) {
          session.set("userId", "7");
        }
        return new Response("", { headers: { "cache-control": given, vary: "Accept" } });
      },
    });
    const { headers } = await new CookieClient(service).ask("/page");
    expect(headers.get("cache-control")).toBe(expected);
    expect(headers.get("vary")).toBe("Accept, Cookie");
  });
});
