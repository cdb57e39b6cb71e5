import { expect, test } from "vitest";
import { ArganiaError } from "../../src/common/argania-error.ts";
import { HrefBuilder, type HrefOptions } from "../../src/pattern/href.ts";
import { HrefError } from "../../src/pattern/href-error.ts";
import type { HrefValue } from "../../src/pattern/href-query.ts";
import { parseResourcePattern } from "../../src/pattern/resource-pattern.ts";

type Params = Readonly<Record<string, HrefValue>>;

function href(pattern: string, params: Params = {}, options?: HrefOptions): string {
  const { host, segments, endsWithSlash } = parseResourcePattern(pattern);
  return new HrefBuilder(host, segments, endsWithSlash).build(params, options);
}

test.each<readonly [string, Params, string]>([
  ["/", {}, "/"],
  ["/a/b", {}, "/a/b"],
  ["/a/ *", {}, "/a/"],
  ["/users/{id}", { id: "42" }, "/users/42"],
  ["/users/{id}/", { id: 42 }, "/users/42/"],
  ["/{a}/{b}/{c}", { a: 1n, b: true, c: -0.5 }, "/1/true/-0.5"],
  ["/{id}", { id: "a b/c?d#e%f:@é" }, "/a%20b%2Fc%3Fd%23e%25f:@%C3%A9"],
  ["/a b%2Fc/{{é}}", {}, "/a%20b%2Fc/%7B%C3%A9%7D"],
  ["/{name}.{ext}", { name: "a", ext: "tar.gz" }, "/a.tar.gz"],
  ["/id:{prefix:A|B}{num:\\d{5}}", { prefix: "A", num: 12345 }, "/id:A12345"],
  ["/{a:.}-x", { a: "." }, "/.-x"],
  ["/{constructor}", { constructor: "x" }, "/x"],
])("%s with %o is %s", (pattern, params, expected) => {
  expect(href(pattern, params)).toBe(expected);
});

test("a builder is used again and again", () => {
  const { segments } = parseResourcePattern("/{id}");
  const builder = new HrefBuilder(null, segments, false);
  expect([builder.build({ id: 1 }), builder.build({ id: 2 })]).toEqual(["/1", "/2"]);
});

test.each<readonly [HrefOptions, string]>([
  [{ query: { a: 1, b: [true, "x y"], c: undefined, d: 5n } }, "/?a=1&b=true&b=x+y&d=5"],
  [{ query: new URLSearchParams("a=1&a=2") }, "/?a=1&a=2"],
  [{ query: "?a=%20&b=c d#é'\"" }, "/?a=%20&b=c%20d%23%C3%A9'%22"],
  [{ query: {} }, "/"],
  [{ query: "?" }, "/"],
  [{ query: undefined, hash: undefined, absolute: undefined }, "/"],
  [{ hash: "#a b/c?d#%20" }, "/#a%20b/c?d%23%2520"],
  [{ hash: "" }, "/"],
  [{ query: { q: "#" }, hash: "top" }, "/?q=%23#top"],
])("options %o give %s", (options, expected) => {
  expect(href("/", {}, options)).toBe(expected);
});

test.each<readonly [string, Params, HrefOptions["absolute"], string]>([
  ["http://Example.com/a", {}, true, "https://example.com/a"],
  ["http://example.com/a", {}, false, "/a"],
  ["http://[::1]/a", {}, { scheme: "http", port: 8080 }, "http://[::1]:8080/a"],
  ["http://{t}.example.com/{id}", { t: "acme", id: 1 }, true, "https://acme.example.com/1"],
  ["http://{t}.example.com/{id}", { t: "acme", id: 1 }, undefined, "/1"],
  ["http://{t}.example.com/{id}", { id: 1 }, undefined, "/1"],
  ["http://{t}.example.com/", { t: "a" }, "http://A.example.com:81/", "http://a.example.com:81/"],
  ["/a", {}, "https://example.com:8080", "https://example.com:8080/a"],
  ["/a", {}, "https://example.com.", "https://example.com/a"],
  ["/a", {}, { host: "Bücher.de" }, "https://xn--bcher-kva.de/a"],
])("%s with %o and absolute: %o is %s", (pattern, params, absolute, expected) => {
  expect(href(pattern, params, { absolute })).toBe(expected);
});

/** [pattern, params, the param to blame, a piece of the message, options] */
type Refused = readonly [string, object, string | null, string, HrefOptions?];

/** What would not lead back to the resource with the same params. */
const REFUSED: readonly Refused[] = [
  ["/{id}", {}, "id", "missing"],
  ["/{id}", { id: undefined }, "id", "missing"],
  ["/{a:x}{b:y}", { a: "x" }, "b", "missing"],
  ["/{id}", { id: "1", name: "x" }, "name", 'it has "id"'],
  ["/a", { __proto__: { toString: "x" }, a: 1 }, "a", "it has none"],
  ["/{id}", { id: "" }, "id", "is empty"],
  ["/{id}", { id: "." }, "id", 'would be "."'],
  ["/{id}", { id: ".." }, "id", 'would be ".."'],
  ["/{a:.}{b:.}", { a: ".", b: "." }, "a", 'would be ".."'],
  ["/{id}", { id: "a\0" }, "id", "NUL"],
  ["/{id}", { id: "\ud800" }, "id", "half a character"],
  ["/{id}", { id: Number.NaN }, "id", "NaN"],
  ["/{id}", { id: Number.POSITIVE_INFINITY }, "id", "Infinity"],
  ["/{id}", { id: null }, "id", "must be a string"],
  ["/{id}", { id: ["x"] }, "id", "must be a string"],
  ["/{id}", { id: Symbol("x") }, "id", "must be a string"],
  ["/{id}", { id: () => "x" }, "id", "must be a string"],
  ["/{id:\\d+}", { id: "x" }, "id", '"x" does not match "{id:\\d+}"'],
  ["/{id:x+}", { id: "x".repeat(257) }, "id", "does not match"],
  ["/{a}.{b}", { a: "x.y", b: "z" }, "a", 'would give "x"'],
  ["/{a:.+}-{b:.+}", { a: "x", b: "y-z" }, "a", 'would give "x-y" for "a", not "x"'],
  ["/{a:x?}{b:x+}", { a: "y", b: "x" }, "a", "does not match"],
  ["/a", {}, null, "no host", { absolute: true }],
  ["/a", {}, null, "no host", { absolute: { scheme: "http" } }],
  ["/a", {}, null, "not an origin", { absolute: "example.com" }],
  ["/a", {}, null, "not an origin", { absolute: "https://example.com/x" }],
  ["/a", {}, null, "not an origin", { absolute: "https://x:99999" }],
  ["/a", {}, null, "not an origin", { absolute: "https://me@example.com" }],
  ["/a", {}, null, "not a scheme", { absolute: { scheme: "ftp" as "http", host: "x" } }],
  ["/a", {}, null, "not a port", { absolute: { host: "x", port: 0 } }],
  ["/a", {}, null, "not a port", { absolute: { host: "x", port: 65_536 } }],
  ["/a", {}, null, "not a host", { absolute: { host: "x:80" } }],
  ["/a", {}, null, "not a host", { absolute: { host: "x/y" } }],
  ["http://example.com/", {}, null, "where the resource is", { absolute: "https://example.org" }],
  ["http://{t}.x.com/", {}, "t", "missing", { absolute: true }],
  ["http://{t}.x.com/", { t: "a.b" }, "t", "does not match", { absolute: true }],
  ["http://{t}.x.com/", { t: "Acme" }, "t", "lower case", { absolute: true }],
  ["http://{t}.x.com/", { t: "a b" }, "t", "not a host", { absolute: true }],
  ["http://{t:.+}.x.com/", { t: "a..b" }, "t", "not a host", { absolute: true }],
  ["http://{t}.x.com/", { u: "a" }, "u", 'it has "t"', { absolute: true }],
  ["/", {}, null, "surrogate", { query: "\ud800" }],
  ["/", {}, null, "surrogate", { hash: "\ud800" }],
];

for (const [pattern, params, param, problem, options] of REFUSED) {
  test(`${pattern} is refused: ${problem}`, () => {
    const error = errorOf(() => href(pattern, params as Params, options));
    expect(error).toBeInstanceOf(ArganiaError);
    expect(error).toMatchObject({ name: "HrefError", code: "ARGANIA_HREF", param, pattern });
    expect(error.message).toContain(problem);
    expect(error.message).toContain(`"${pattern}"`);
  });
}

function errorOf(run: () => unknown): HrefError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(HrefError);
    return error as HrefError;
  }
  throw new Error("nothing was refused");
}
