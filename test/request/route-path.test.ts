import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  endOfPlainPath,
  NOT_PLAIN,
  parseRoutePath,
  plainRoutePath,
  RoutePath,
} from "../../src/request/route-path.ts";

function parsed(target: string): RoutePath {
  const path = parseRoutePath(target);
  if (typeof path === "string") {
    throw new Error(`${target}: ${path}`);
  }
  return path;
}

/** Text as the bytes of UTF-8 that Node hands over, one character each. */
const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

describe("a target that can be routed", () => {
  // target, canonical path, segments, query
  it.each<[string, string, string[], string]>([
    ["/", "/", [], ""],
    ["/?", "/", [], "?"],
    ["/?x", "/", [], "?x"],
    ["//", "//", [""], ""],
    ["///", "///", ["", ""], ""],
    ["/a", "/a", ["a"], ""],
    ["/a/", "/a/", ["a"], ""],
    ["/a//", "/a//", ["a", ""], ""],
    ["/a//b", "/a//b", ["a", "", "b"], ""],
    ["//a", "//a", ["", "a"], ""],
    ["/a/b/c?d=e/f?g", "/a/b/c", ["a", "b", "c"], "?d=e/f?g"],
    ["/a/?x", "/a/", ["a"], "?x"],
    ["/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@", ["-._~!$&'()*+,;=:@"], ""],
    ["/.a/..b/c./d../...", "/.a/..b/c./d../...", [".a", "..b", "c.", "d..", "..."], ""],
    ["/%61dmin", "/admin", ["admin"], ""],
    ["/%61/b", "/a/b", ["a", "b"], ""],
    ["/a%2Fb", "/a%2Fb", ["a/b"], ""],
    ["/a%2fb/", "/a%2Fb/", ["a/b"], ""],
    ["/%2F", "/%2F", ["/"], ""],
    ["/%2e%2e%2fx", "/..%2Fx", ["../x"], ""],
    ["/%2541", "/%2541", ["%41"], ""],
    ["/a%3Fb%23c", "/a%3Fb%23c", ["a?b#c"], ""],
    ["/a%5Cb", "/a%5Cb", ["a\\b"], ""],
    ["/a b", "/a%20b", ["a b"], ""],
    ["/a+b%2Bc", "/a+b+c", ["a+b+c"], ""],
    ["/%C3%BC", "/%C3%BC", ["ü"], ""],
    ["/%c3%bc", "/%C3%BC", ["ü"], ""],
    [bytesOf("/ü/💥"), "/%C3%BC/%F0%9F%92%A5", ["ü", "💥"], ""],
    ['/"<>^`{|}', "/%22%3C%3E%5E%60%7B%7C%7D", ['"<>^`{|}'], ""],
    ["/%0D%0A", "/%0D%0A", ["\r\n"], ""],
    ["/a?%zz%00&..&\\&%41", "/a", ["a"], "?%zz%00&..&\\&%41"],
    ["/a?/../", "/a", ["a"], "?/../"],
    [bytesOf("/a?ü"), "/a", ["a"], "?%C3%BC"],
    ["/%61?%61", "/a", ["a"], "?%61"],
  ])("%j", (target, path, segments, search) => {
    const route = parsed(target);
    expect([route.path, [...route.segments()], route.search]).toEqual([path, segments, search]);
    expect(route.endsWithSlash).toBe(path.length > 1 && path.endsWith("/"));
    expect(route.end).toBe(route.endsWithSlash ? path.length - 1 : path.length);
  });

  it.each(["/", "/a", "/a/", "/a//b?c", "/?x", "/a.b/-_~!$&'()*+,;=:@", bytesOf("/a?ü")])(
    "is the same when its plain characters are taken as they are: %s",
    (target) => {
      const plain = plainRoutePath(target);
      const path = parsed(target);
      expect([plain.path, plain.search, plain.end, plain.segments()]).toEqual([
        path.path,
        path.search,
        path.end,
        path.segments(),
      ]);
    },
  );
});

describe("the plain rest of a path", () => {
  it.each<[string, number, number]>([
    ["/ab/c", 1, 5],
    ["/ab/c", 4, 5],
    ["/ab?c%/..", 1, 3],
    ["/ab", 3, 3],
    ["//", 1, 2],
    ["/a..", 1, 4],
    ["/a.b/c.d/-_~!$&'()*+,;=:@", 1, 25],
    ["/.", 1, NOT_PLAIN],
    ["/.a", 1, NOT_PLAIN],
    ["/a/../", 1, NOT_PLAIN],
    ["/a/..?", 1, NOT_PLAIN],
    ["/a%62", 1, NOT_PLAIN],
    ["/a/b%62?", 1, NOT_PLAIN],
    ["/a\\", 1, NOT_PLAIN],
    ["/a#", 1, NOT_PLAIN],
    ["/aé", 1, NOT_PLAIN],
    ["/a\u0141", 1, NOT_PLAIN],
    ["/a b", 1, NOT_PLAIN],
  ])("of %j from %d on ends at %d", (target, start, end) => {
    expect(endOfPlainPath(target, start)).toBe(end);
  });
});

describe("a target that cannot be routed", () => {
  it.each([
    ["", "form"],
    ["*", "form"],
    ["a", "form"],
    ["?x", "form"],
    ["example.com:80", "form"],
    ["/%", "escape"],
    ["/a%", "escape"],
    ["/a%4", "escape"],
    ["/%zz", "escape"],
    ["/%u0041", "escape"],
    ["/%FF", "escape"],
    ["/%C3", "escape"],
    ["/%C0%AE%C0%AE", "escape"],
    ["/%ED%A0%80", "escape"],
    ["/\xff", "escape"],
    ["/\xc3", "escape"],
    ["/%00", "escape"],
    ["/a%00.html", "escape"],
    ["/a\0", "escape"],
    ["/.", "dot-segment"],
    ["/..", "dot-segment"],
    ["/./", "dot-segment"],
    ["/a/../b", "dot-segment"],
    ["/a/.?x", "dot-segment"],
    ["/a/..?x", "dot-segment"],
    ["/%2e", "dot-segment"],
    ["/%2E%2e/", "dot-segment"],
    ["/.%2e", "dot-segment"],
    ["/%2e.", "dot-segment"],
    ["/a/%2e%2e/b", "dot-segment"],
    ["/%61/../b", "dot-segment"],
    ["/a\\b", "character"],
    ["/\\evil.com", "character"],
    ["/a#b", "character"],
    ["/#", "character"],
    ["/a?b#c", "character"],
    ["/%61?b#c", "character"],
  ])("%j: %s", (target, problem) => {
    expect(parseRoutePath(target)).toBe(problem);
  });
});

describe("every path", () => {
  const segment = fc.string({ unit: "grapheme", maxLength: 6 }).filter((text) => !/^\.{1,2}$|\0/.test(text));
  const path = fc.array(segment, { minLength: 1, maxLength: 4 });

  it("comes back as the segments that were encoded, whichever way each byte is written", () => {
    fc.assert(
      fc.property(path, fc.boolean(), fc.infiniteStream(fc.boolean()), (segments, slash, coins) => {
        const escaped = (text: string) =>
          [...Buffer.from(text, "utf8")]
            .map((byte) => {
              const character = String.fromCharCode(byte);
              return /[\w-]/.test(character) && coins.next().value
                ? character
                : `%${byte.toString(16).padStart(2, "0")}`;
            })
            .join("");
        const target = `/${segments.map(escaped).join("/")}${slash ? "/" : ""}`;
        const route = parseRoutePath(target);
        // The root, with or without a slash behind it, has no segments: nothing to compare.
        fc.pre(target !== "/" && !(segments.length === 1 && segments[0] === ""));
        expect(route).toBeInstanceOf(RoutePath);
        const { path: canonical, search } = route as RoutePath;
        const endsInEmpty = !slash && segments.at(-1) === "";
        expect([(route as RoutePath).segments(), search]).toEqual([
          endsInEmpty ? segments.slice(0, -1) : segments,
          "",
        ]);
        expect(parsed(canonical).path).toBe(canonical);
        expect(parsed(canonical).segments()).toEqual((route as RoutePath).segments());
        expect(new URL(`http://localhost${canonical}`).pathname).toBe(canonical);
      }),
      { numRuns: 500 },
    );
  });

  it("is either parsed or refused, never thrown at", () => {
    const bytes = fc.string({ unit: fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(bytes, (rest) => {
        const route = parseRoutePath(`/${rest}`);
        if (typeof route !== "string") {
          expect(route.path).toMatch(/^\/[\x21-\x7e]*$/);
          expect(route.segments()).not.toContain("..");
          expect(route.search.includes("#")).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
