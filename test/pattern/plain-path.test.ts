import { Resource } from "argania";
import { describe, expect, it, test } from "vitest";
import { parseResourcePattern } from "../../src/pattern/resource-pattern.ts";

describe("a path of plain segments", () => {
  it("is read as any other", () => {
    const parsed = parseResourcePattern("/a_1/{id}/b-2");
    expect(parsed.segments.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "static a_1",
      "wildcard {id}",
      "static b-2",
    ]);
    expect(parsed.segments[1]?.captureNames).toEqual(["id"]);
    expect(parsed).toMatchObject({
      text: "/a_1/{id}/b-2",
      host: null,
      endsWithSlash: false,
      onUnmatchingSlash: "redirect",
      isSubtreeHandler: false,
      hasExplicitConfig: false,
    });
    expect(Object.isFrozen(parsed) && Object.isFrozen(parsed.segments)).toBe(true);
  });

  test.each([
    ["/a/{1a}", 4],
    ["/{__proto__}/b", 2],
    ["/a//b", 3],
    ["//", 1],
  ])("%s is refused at %d", (pattern, position) => {
    expect(() => parseResourcePattern(pattern)).toThrow(
      expect.objectContaining({ code: "ARGANIA_PATTERN", pattern, position }),
    );
  });

  test.each([
    ["a name from above", () => new Resource("/").subresource("/{id}").subresource("/x/{id}")],
    ["its own name", () => new Resource("/").subresource("/{id}/x/{id}")],
    ["its own name in a constructor", () => new Resource("/{id}/x/{id}")],
    ["the name of a prefix", () => new Resource("/{id}/x").addSubresource(new Resource("/{id}"))],
    ["the name of a host", () => new Resource("http://{id}.example.com/").subresource("/{id}")],
  ])("does not take %s", (_, define) => {
    expect(define).toThrow(expect.objectContaining({ code: "ARGANIA_DUPLICATE_CAPTURE_NAME" }));
  });
});
