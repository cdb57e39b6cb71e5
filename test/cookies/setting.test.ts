import { _get, type CookieAttributes, CookieError, Resource, respond, type TrustedProxies } from "argania";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cookieHeader, jarOf, linesOf } from "./with-jar.ts";

const HTTPS = "https://example.com/";
const line = async (attributes?: CookieAttributes, name = "a", url = "/") =>
  linesOf((await jarOf({ url })).set(name, "1", attributes))[0];
const DAY = 86_400;

describe("set", () => {
  it("writes cookies that are for this host, not for scripts, and not for other sites", async () => {
    expect(await line()).toBe("a=1; Path=/; HttpOnly; SameSite=Lax");
  });

  it("makes them Secure when the request came over HTTPS", async () => {
    expect(await line({}, "a", HTTPS)).toBe("a=1; Path=/; HttpOnly; Secure; SameSite=Lax");
    expect(await line({ secure: false }, "a", HTTPS)).toBe("a=1; Path=/; HttpOnly; SameSite=Lax");
    expect(await line({ secure: true })).toContain("; Secure");
  });

  it("believes trusted proxies, and nobody else, when they say that it did", async () => {
    const answer = async (trustedProxies?: TrustedProxies) => {
      const service = new Resource("/")
        .setHandlerFor(_get.to((context) => respond(context.cookies().set("a", context.scheme), "ok")))
        .intoService(trustedProxies === undefined ? {} : { trustedProxies });
      const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1" };
      return (await service.request("/", { headers })).headers.getSetCookie()[0];
    };
    expect(await answer()).toBe("a=http; Path=/; HttpOnly; SameSite=Lax");
    expect(await answer({ peers: () => true })).toBe("a=https; Path=/; HttpOnly; Secure; SameSite=Lax");
  });

  it("writes every attribute", async () => {
    const expires = new Date("2026-02-03T04:05:06.789Z");
    const attributes: Required<CookieAttributes> = {
      path: "/admin",
      domain: "example.com",
      maxAge: 3600,
      expires,
      httpOnly: true,
      secure: true,
      sameSite: "none",
      partitioned: true,
    };
    expect(await line(attributes)).toBe(
      "a=1; Max-Age=3600; Domain=example.com; Path=/admin; Expires=Tue, 03 Feb 2026 04:05:06 GMT; HttpOnly; Secure; Partitioned; SameSite=None",
    );
    expect(await line({ httpOnly: false, sameSite: "strict" })).toBe("a=1; Path=/; SameSite=Strict");
    expect(await line({ path: undefined, maxAge: undefined, sameSite: undefined })).toBe(await line());
  });

  it.each<[number, string]>([
    [0, "Max-Age=0"],
    [-5, "Max-Age=0"],
    [400 * DAY, `Max-Age=${400 * DAY}`],
  ])("takes a maxAge of %d", async (maxAge, expected) => {
    expect(await line({ maxAge })).toContain(`; ${expected};`);
  });

  it("takes an expiry in 400 days, or in the past", async () => {
    expect(await line({ expires: new Date(Date.now() + 400 * DAY * 1000) })).toContain("; Expires=");
    expect(await line({ expires: new Date(0) })).toContain("; Expires=Thu, 01 Jan 1970 00:00:00 GMT;");
  });

  it.each([
    ["__Host-a", {}],
    ["__HOST-a", { path: "/", secure: true }],
    ["__Secure-a", {}],
    ["__Http-a", { httpOnly: true }],
    ["__Host-Http-a", {}],
    ["a", { sameSite: "none" }],
    ["a", { partitioned: true }],
  ] as const)(
    "makes %s with %j Secure, over HTTP too: browsers take it on localhost",
    async (name, attributes) => {
      expect(await line(attributes, name)).toMatch(/; Secure;/);
    },
  );

  it("lets __Secure- cookies have a domain and a path, unlike __Host-", async () => {
    expect(await line({ domain: "example.com", path: "/x" }, "__Secure-a")).toContain(
      "Domain=example.com; Path=/x;",
    );
  });

  it("encodes what cookies cannot hold", async () => {
    const jar = await jarOf();
    expect(linesOf(jar.set("a", 'é; "x", \\\r\n\0%=&'))[0]).toBe(
      "a=%C3%A9%3B%20%22x%22%2C%20%5C%0D%0A%00%25%3D%26; Path=/; HttpOnly; SameSite=Lax",
    );
  });

  it("round-trips any text", async () => {
    const jar = await jarOf();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (value) => {
        const lines = linesOf(jar.set("a", value));
        expect(lines).toHaveLength(1);
        expect(lines[0]).toMatch(/^[ -~]+$/);
        expect((await jarOf({ cookie: cookieHeader(lines) })).get("a")).toBe(value);
      }),
    );
  });
});

describe("set refuses", () => {
  const refused = async (name: unknown, value: unknown, attributes?: unknown) => {
    const jar = await jarOf({ url: HTTPS });
    let error: unknown;
    try {
      jar.set(name as string, value as string, attributes as CookieAttributes);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(CookieError);
    expect(linesOf(jar)).toEqual([]);
    expect([...jar]).toEqual([]);
    expect((error as CookieError).code).toBe("ARGANIA_COOKIE");
    return (error as CookieError).message;
  };

  it.each([
    "",
    "a b",
    "a=b",
    "a;b",
    "a\r\nX: y",
    "a\0",
    "é",
    "a,b",
    'a"',
    "a/b",
    "a[b]",
    undefined,
    null,
    7,
    Symbol("a"),
  ])("the name %j", async (name) => {
    expect(await refused(name, "1")).toMatch(/^The name of a cookie is a token/);
  });

  it.each([undefined, null, 7, {}, ["a"]])("the value %j", async (value) => {
    expect(await refused("a", value)).toMatch(/^The value of the cookie "a" is a string, not /);
  });

  it("half a character", async () => {
    expect(await refused("a", "\ud800")).toContain("lone surrogate");
  });

  it.each<[string, unknown]>([
    ["path", "admin"],
    ["path", ""],
    ["path", "/; HttpOnly"],
    ["path", "/\r\nX: y"],
    ["path", "/é"],
    ["path", `/${"x".repeat(1024)}`],
    ["path", 7],
    ["domain", ""],
    ["domain", "x;Secure"],
    ["domain", "example.com."],
    ["domain", "-a.com"],
    ["domain", "münchen.de"],
    ["domain", "a b"],
    ["domain", `${"a.".repeat(512)}com`],
    ["maxAge", 1.5],
    ["maxAge", Number.NaN],
    ["maxAge", Number.POSITIVE_INFINITY],
    ["maxAge", "3600"],
    ["maxAge", 400 * DAY + 1],
    ["expires", new Date(Number.NaN)],
    ["expires", "tomorrow"],
    ["expires", Date.now()],
    ["expires", new Date("9999-12-31")],
    ["httpOnly", "yes"],
    ["secure", 1],
    ["sameSite", "Lax; Domain=evil"],
    ["sameSite", true],
    ["partitioned", null],
  ])("the %s %j", async (attribute, value) => {
    expect(await refused("a", "1", { [attribute]: value })).toMatch(
      new RegExp(`^The ${attribute} of the cookie "a" is `),
    );
  });

  it.each(["maxage", "HttpOnly", "signed", "__proto__", "toString"])(
    "the unknown attribute %s",
    async (name) => {
      expect(await refused("a", "1", JSON.parse(`{"${name}":true}`))).toContain(
        `unknown attribute "${name}"`,
      );
    },
  );

  it.each([null, 7, "Secure"])("the attributes %j", async (attributes) => {
    expect(await refused("a", "1", attributes)).toMatch(/^The attributes of the cookie "a" are an object/);
  });

  it.each<[string, CookieAttributes, string]>([
    ["__Host-a", { domain: "example.com" }, "leave out the domain, or the prefix"],
    ["__Host-a", { path: "/x" }, "leave out the path, or the prefix"],
    ["__host-a", { secure: false }, "Secure because of its prefix"],
    ["__SECURE-a", { secure: false }, "Secure because of its prefix"],
    ["__Http-a", { httpOnly: false }, "HttpOnly because of its prefix"],
    ["__Host-Http-a", { httpOnly: false }, "HttpOnly because of its prefix"],
    ["__Host-Http-a", { domain: "a.com" }, "leave out the domain"],
    ["a", { sameSite: "none", secure: false }, 'Secure because of sameSite "none"'],
    ["a", { partitioned: true, secure: false }, "Secure because of partitioned"],
  ])("%s with %j, which browsers would drop", async (name, attributes, message) => {
    const error = await refused(name, "1", attributes);
    expect(error).toContain(message);
    expect(error).toMatch(/Browsers would drop it\.$/);
  });

  it("more than 4,096 bytes, attributes and encoding included", async () => {
    const rest = "a=; Path=/; HttpOnly; Secure; SameSite=Lax".length;
    const jar = await jarOf({ url: HTTPS });
    expect(linesOf(jar.set("a", "x".repeat(4096 - rest)))[0]).toHaveLength(4096);
    expect(await refused("a", "x".repeat(4097 - rest))).toContain("4097 bytes");
    expect(await refused("a", ";".repeat(2000))).toContain("Keep the data on the server");
  });
});
