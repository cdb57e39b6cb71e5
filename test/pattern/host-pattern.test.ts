import { expect, test } from "vitest";
import { parseHostPattern } from "../../src/pattern/host-pattern.ts";
import type { RegexPattern } from "../../src/pattern/segment-pattern.ts";

test.each([
  ["example.com", "example.com"],
  ["http://example.com", "example.com"],
  ["HTTPS://Example.COM/", "example.com"],
  ["example.com.", "example.com"],
  ["localhost", "localhost"],
  ["my_host", "my_host"],
  ["127.0.0.1", "127.0.0.1"],
  ["[::1]", "[::1]"],
  ["http://[0:0::1]/", "[::1]"],
  ["[2001:DB8::A]", "[2001:db8::a]"],
  ["www.Bücher.de", "www.xn--bcher-kva.de"],
])("%s is the host %s", (text, value) => {
  expect(parseHostPattern(text)).toMatchObject({ kind: "static", value, captureNames: [] });
});

test.each([
  ["{sub}.example.com", "www.example.com", { sub: "www" }],
  ["{sub}.example.com", "a.b.example.com", null],
  ["{sub}.example.com", "example.com", null],
  ["{sub}.example.com", "wwwXexampleXcom", null],
  ["http://{sub}.Example.com./", "www.example.com", { sub: "www" }],
  ["example.{tld}", "example.org", { tld: "org" }],
  ["example.{tld}", "example.co.uk", null],
  ["{a}-{b}.example.com", "x-y.example.com", { a: "x", b: "y" }],
  ["{lang:en|fr}.example.com", "fr.example.com", { lang: "fr" }],
  ["{lang:en|fr}.example.com", "de.example.com", null],
  ["{any:.+}", "a.b.c", { any: "a.b.c" }],
  ["{a}.bücher.de", "x.xn--bcher-kva.de", { a: "x" }],
])("%s on %s", (text, host, captures) => {
  const pattern = parseHostPattern(text) as RegexPattern;
  expect(pattern.kind).toBe("regex");
  const match = pattern.match(host);
  expect(
    match && Object.fromEntries(pattern.captures.map(({ name, group }) => [name, match[group]])),
  ).toEqual(captures);
});

test("hosts that match the same are the same", () => {
  expect(parseHostPattern("http://Example.com/").isSame(parseHostPattern("example.com."))).toBe(true);
  expect(parseHostPattern("{a}.X.com").isSame(parseHostPattern("{a:[^.]+}.x.com"))).toBe(true);
  expect(parseHostPattern("{a}.x.com").isSame(parseHostPattern("{b}.x.com"))).toBe(false);
});
