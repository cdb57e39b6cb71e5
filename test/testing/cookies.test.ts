import { _get, type Resource, respond } from "argania";
import { expect, test, vi } from "vitest";
import { site } from "./app.ts";

/** Sets what the query says, and answers with what it was sent. */
function cookieSite(root: Resource<"/">): void {
  const answer = _get.to(({ query, headers }) => {
    const response = respond({}, headers.get("cookie") ?? "");
    for (const line of query.getAll("set")) {
      response.headers.append("set-cookie", line);
    }
    return response;
  });
  root.setHandlerFor(answer);
  root.subresource("/a ?*").setHandlerFor(answer);
  root.subresource("/ab ?*").setHandlerFor(answer);
}

const set = (...lines: string[]) => ({ query: { set: lines } });

test("cookies are kept, sent back, replaced and taken away", async () => {
  const at = site(cookieSite).client();
  await at.get("/", set("one=1", "two=a%20b; HttpOnly; SameSite=Lax"));
  expect(await at.get("/").text()).toBe("one=1; two=a%20b");
  expect(at.cookies.get("two")).toEqual({
    name: "two",
    value: "a b",
    rawValue: "a%20b",
    domain: "localhost",
    isHostOnly: true,
    path: "/",
    expires: undefined,
    secure: false,
    httpOnly: true,
    sameSite: "lax",
  });
  expect([...at.cookies].map(({ name }) => name)).toEqual(["one", "two"]);
  await at.get("/", set("one=2"));
  expect(await at.get("/").text()).toBe("one=2; two=a%20b");
  await at.get("/", set("one=; Max-Age=0", "two=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
  expect(await at.get("/").text()).toBe("");
  expect(at.cookies.get("one")).toBeUndefined();
});

test("paths: the default one, prefixes by whole segments, longer ones first", async () => {
  const at = site(cookieSite).client();
  await at.get("/a/b/c?x=/", set("deep=1", "wide=2; Path=/", "a=3; Path=/a", "wrong=4; Path=a"));
  expect(at.cookies.get("deep")?.path).toBe("/a/b");
  expect(at.cookies.get("wrong")?.path).toBe("/a/b");
  expect(await at.get("/a/b/x").text()).toBe("deep=1; wrong=4; a=3; wide=2");
  expect(await at.get("/a/b").text()).toBe("deep=1; wrong=4; a=3; wide=2");
  expect(await at.get("/a/bc").text()).toBe("a=3; wide=2");
  expect(await at.get("/ab").text()).toBe("wide=2");
  expect(await at.get("/a", set("top=5")).text()).toBe("a=3; wide=2");
  expect(at.cookies.get("top")?.path).toBe("/");
});

test("hosts: only its own, or those below a domain that it is in", async () => {
  const at = site(cookieSite).client({ origin: "http://www.example.com" });
  await at.get(
    "/",
    set(
      "own=1",
      "all=2; Domain=.Example.com",
      "foreign=3; Domain=example.org",
      "tld=4; Domain=com",
      "below=5; Domain=x.www.example.com",
    ),
  );
  expect([...at.cookies].map(({ name, domain, isHostOnly }) => [name, domain, isHostOnly])).toEqual([
    ["own", "www.example.com", true],
    ["all", "example.com", false],
  ]);
  expect(await at.get("/").text()).toBe("own=1; all=2");
  expect(await at.get("http://api.example.com/").text()).toBe("all=2");
  expect(await at.get("/", { headers: { host: "x.example.com:81" } }).text()).toBe("all=2");
  expect(await at.get("http://badexample.com/").text()).toBe("");
  const ip = site(cookieSite).client({ origin: "http://192.0.2.7" });
  await ip.get("/", set("x=1; Domain=0.2.7", "y=2; Domain=192.0.2.7"));
  expect(await ip.get("/").text()).toBe("y=2");
});

test("Secure wants HTTPS, or this machine", async () => {
  for (const [origin, kept] of [
    ["http://example.com", ""],
    ["https://example.com", "s=1"],
    ["http://localhost", "s=1"],
    ["http://app.localhost:81", "s=1"],
    ["http://127.0.0.1", "s=1"],
    ["http://[::1]:8080", "s=1"],
  ] as const) {
    const at = site(cookieSite).client({ origin });
    await at.get("/", set("s=1; Secure"));
    expect([origin, await at.get("/").text()]).toEqual([origin, kept]);
  }
  const at = site(cookieSite).client({ origin: "https://example.com" });
  await at.get("/", set("s=1; Secure", "p=2"));
  expect(await at.get("http://example.com/").text()).toBe("p=2");
});

test("prefixes are kept to, in any case", async () => {
  const at = site(cookieSite).client({ origin: "https://example.com" });
  await at.get(
    "/",
    set(
      "__Host-a=1; Secure; Path=/",
      "__Host-b=1; Secure",
      "__host-c=1; Secure; Path=/; Domain=example.com",
      "__Host-d=1; Path=/",
      "__Secure-e=1; Secure",
      "__SECURE-f=1",
      "__Http-g=1; Secure",
      "__Http-h=1; Secure; HttpOnly",
      "__Host-Http-i=1; Secure; Path=/",
      "__Host-Http-j=1; Secure; Path=/; HttpOnly",
    ),
  );
  expect(at.cookies.all().map(({ name }) => name)).toEqual([
    "__Host-a",
    "__Secure-e",
    "__Http-h",
    "__Host-Http-j",
  ]);
});

test("they expire, by Max-Age before Expires", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000 });
  try {
    const at = site(cookieSite).client();
    await at.get(
      "/",
      set(
        "a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "b=2; Max-Age=x",
        "c=3; Max-Age=99999999999999999",
      ),
    );
    expect(at.cookies.get("a")?.expires).toEqual(new Date(1_010_000));
    vi.setSystemTime(1_009_999);
    expect(await at.get("/").text()).toBe("a=1; b=2; c=3");
    vi.setSystemTime(1_010_000);
    expect(await at.get("/").text()).toBe("b=2; c=3");
  } finally {
    vi.useRealTimers();
  }
});

test("what is no cookie is ignored, and the jar has a limit", async () => {
  const at = site(cookieSite).client();
  await at.get("/", set("noname", "=novalue", `long=${"x".repeat(4_093)}`, "ok=%zz"));
  expect(at.cookies.all().map(({ name, value }) => [name, value])).toEqual([["ok", "%zz"]]);
  for (let index = 0; index < 3_001; index++) {
    at.cookies.set(`c${index}`, "x");
  }
  expect(at.cookies.all()).toHaveLength(3_000);
  expect(at.cookies.get("ok")).toBeUndefined();
});

test("tests put cookies in, and take them out", async () => {
  const at = site(cookieSite).client();
  at.cookies.set("session", "a b", { secure: true, maxAge: 60 });
  at.cookies.set("deep", "1", { path: "/a" });
  expect(await at.get("/a/x").text()).toBe("deep=1; session=a%20b");
  at.cookies.set("other", "2", { domain: "example.com" });
  expect(await at.get("http://www.example.com/").text()).toBe("other=2");
  at.cookies.delete("session");
  expect(await at.get("/").text()).toBe("");
  at.cookies.clear();
  expect(at.cookies.all()).toEqual([]);
  expect(() => at.cookies.set("__Host-x", "1")).toThrow("A browser would ignore this cookie");
  expect(() => at.cookies.set("bad name", "1")).toThrow(TypeError);
});

test("a Cookie header of one's own stands alone, and cookies can be left out", async () => {
  const { client } = site(cookieSite);
  const at = client();
  await at.get("/", set("a=1"));
  expect(await at.get("/", { headers: { cookie: "b=2" } }).text()).toBe("b=2");
  const without = client({ cookies: false });
  await without.get("/", set("a=1"));
  expect(await without.get("/").text()).toBe("");
  expect(without.cookies.all()).toEqual([]);
});
