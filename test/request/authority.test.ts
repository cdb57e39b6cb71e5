import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { authorityOf, parseAuthority } from "../../src/request/authority.ts";
import { openRoute } from "../../src/request/open-route.ts";
import type { RequestSource } from "../../src/request/request-source.ts";
import { Route } from "../../src/request/route.ts";

const label = "a".repeat(63);
const longName = `${label}.${label}.${label}.${label}`;

describe("an authority", () => {
  it.each([
    ["example.com", "example.com", "example.com"],
    ["EXAMPLE.Com", "example.com", "example.com"],
    ["example.com.", "example.com", "example.com"],
    ["example.com.:8080", "example.com", "example.com:8080"],
    ["example.com:", "example.com", "example.com"],
    ["example.com:0", "example.com", "example.com:0"],
    ["example.com:65535", "example.com", "example.com:65535"],
    ["a", "a", "a"],
    ["_dmarc.a-b", "_dmarc.a-b", "_dmarc.a-b"],
    ["127.0.0.1:80", "127.0.0.1", "127.0.0.1:80"],
    ["127.1", "127.0.0.1", "127.0.0.1"],
    ["0x7f.0.0.1", "127.0.0.1", "127.0.0.1"],
    ["[::1]", "[::1]", "[::1]"],
    ["[::1]:8080", "[::1]", "[::1]:8080"],
    ["[0:0:0:0:0:0:0:1]", "[::1]", "[::1]"],
    ["[2001:DB8::FF]", "[2001:db8::ff]", "[2001:db8::ff]"],
    ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:7f00:1]"],
    ["xn--mnchen-3ya.de", "xn--mnchen-3ya.de", "xn--mnchen-3ya.de"],
    [longName, longName, longName],
  ])("%j is the host %j", (value, host, hostAndPort) => {
    expect(parseAuthority(value)).toEqual({ host, hostAndPort });
  });

  it.each([
    "",
    " ",
    ".",
    "..",
    "a..b",
    "example.com..",
    ".example.com",
    "-a",
    "a-",
    "a b",
    " a",
    "a ",
    "a,b",
    "a.com, b.com",
    "user@example.com",
    "user:pw@example.com",
    "example.com/path",
    "example.com?x",
    "example.com#x",
    "example.com\\x",
    "a\0b",
    "a%41",
    "münchen.de",
    "example.com:65536",
    "example.com:-1",
    "example.com:8o",
    "example.com:80:80",
    "example.com:123456",
    "::1",
    "[::1",
    "::1]",
    "[::1]x",
    "[::1].",
    "[::1%eth0]",
    "[]",
    "[1:2]",
    "[::g]",
    "[1:2:3:4:5:6:7:8:9]",
    "999.1.1.1",
    "1.2.3.4.5",
    "a.0x",
    `${longName}${label}`,
  ])("%j is malformed", (value) => {
    expect(parseAuthority(value)).toBeNull();
    expect(authorityOf(value)).toBeNull();
  });

  it("always fits into a URL, whose host is the same", () => {
    const characters = fc.constantFrom(..."aZ09-._x:[]@,%");
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 8 }), (value) => {
        const authority = parseAuthority(value);
        if (authority !== null) {
          const url = new URL(`http://${authority.hostAndPort}/`);
          expect([url.hostname, url.username, url.pathname]).toEqual([authority.host, "", "/"]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the cache of authorities", () => {
  it("never gives one host for another, even when it overflows", () => {
    const values = Array.from({ length: 1_200 }, (_, index) => `h${index}.example:${index}`);
    for (const value of [...values, ...values.reverse(), "H1.example:1", "h1.example.:1"]) {
      expect(authorityOf(value)).toEqual(parseAuthority(value));
      expect(authorityOf(value)).toEqual(parseAuthority(value));
      expect(authorityOf(`${value},`)).toBeNull();
    }
  });
});

/** Only what `openRoute` asks of a source. */
function sourceOf(target: string, hostHeader: string | null | undefined, mayLackHost = false): RequestSource {
  return { target, hostHeader, mayLackHost } as RequestSource;
}

function opened(target: string, host: string | null | undefined, mayLackHost = false): unknown {
  const route = openRoute(sourceOf(target, host, mayLackHost), null);
  return route instanceof Route ? [route.authority.hostAndPort, route.target] : route;
}

it("holds no host before the first request, not even the empty one", async () => {
  vi.resetModules();
  const fresh = await import("../../src/request/authority.ts");
  expect(fresh.authorityOf("")).toBeNull();
});

describe("openRoute", () => {
  it.each<[string, string | null | undefined, unknown]>([
    ["/a?b", "Example.com:80", ["example.com:80", "/a?b"]],
    ["/a", undefined, "host"],
    ["/a", null, "host"],
    ["/a", "", "host"],
    ["/a", "a,b", "host"],
    ["/a%", "example.com", ["example.com", "/a%"]],
    ["/a%", "a,b", "host"],
    ["*", "example.com", "form"],
    ["example.com:443", "example.com", "form"],
    ["", "example.com", "form"],
    ["ftp://example.com/", "example.com", "form"],
    ["javascript://example.com/", "example.com", "form"],
    ["http:/a", "example.com", "form"],
    ["http://a.com/b?c", "example.com", ["a.com", "/b?c"]],
    ["HTTPS://A.com:8443/b", "example.com", ["a.com:8443", "/b"]],
    ["http://a.com", undefined, ["a.com", "/"]],
    ["http://a.com?c", "example.com", ["a.com", "/?c"]],
    ["http://a.com#c", "example.com", ["a.com", "/#c"]],
    ["http://a.com\\@b.com/", "example.com", ["a.com", "/\\@b.com/"]],
    ["http://a.com/../b", "example.com", ["a.com", "/../b"]],
    ["http:///b", "example.com", "host"],
    ["http://user@a.com/", "example.com", "host"],
    ["http://a.com/", null, "host"],
    ["http://[::1]:80/x", "example.com", ["[::1]:80", "/x"]],
    ["//a.com/b", "example.com", ["example.com", "//a.com/b"]],
  ])("opens %j for the host %j", (target, host, expected) => {
    expect(opened(target, host)).toEqual(expected);
  });

  it("lets HTTP/1.0 do without a host, but not with a malformed one", () => {
    expect(opened("/a", undefined, true)).toEqual(["", "/a"]);
    expect(opened("/a", "", true)).toBe("host");
    expect(opened("/a", null, true)).toBe("host");
  });

  it("lets a trusted proxy name the host", () => {
    const forwarded = { host: "public.example", scheme: "https" as const, peerAddress: "1.2.3.4" };
    const route = openRoute(sourceOf("http://a.com/", "b.com"), () => forwarded) as Route;
    expect([route.authority.host, route.forwarded]).toEqual(["public.example", forwarded]);
    const silent = openRoute(sourceOf("/", "b.com"), () => null) as Route;
    expect([silent.authority.host, silent.forwarded]).toEqual(["b.com", null]);
    expect(openRoute(sourceOf("/", "b.com"), () => "malformed")).toBe("forwarded");
  });
});
