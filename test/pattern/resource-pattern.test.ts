import { expect, test } from "vitest";
import { formatPath, parseRelativePath, parseResourcePattern } from "../../src/pattern/resource-pattern.ts";

test.each([
  ["/", null, []],
  ["/a", null, ["a"]],
  ["/a/{b}/{c:x}.d/ ?*", null, ["a", "{b}", "{c:x}.d"]],
  ["http:///a", null, ["a"]],
  ["https:///", null, []],
  ["HTTP://example.com/", "example.com", []],
  ["http://{lang:en|fr}.example.com/about *", "{lang:en|fr}.example.com", ["about"]],
  ["/caf\u00e9", null, ["caf\u00e9"]],
  ["/{{a}}/b", null, ["{{a}}", "b"]],
  ["/a%2Fb/c", null, ["a%2Fb", "c"]],
])("%s has its host and its segments", (text, host, segments) => {
  const parsed = parseResourcePattern(text);
  expect(parsed.text).toBe(text);
  expect(parsed.host?.text ?? null).toBe(host);
  expect(parsed.segments.map((segment) => segment.text)).toEqual(segments);
  expect(Object.isFrozen(parsed)).toBe(true);
});

test.each([
  ["/{brand:.+} ({model:.+})", "{brand:.+} ({model:.+})"],
  ["/a b", "a b"],
  ["/a -b", "a -b"],
  ["/{x:a b}", "{x:a b}"],
  ["/{x: *}", "{x: *}"],
  ["/a × ×", "a × ×"],
  ["/a*b", "a*b"],
  ["/!a", "!a"],
])("the spaces and symbols of %s belong to its path", (text, segment) => {
  expect(parseResourcePattern(text)).toMatchObject({
    segments: [{ text: segment }],
    hasExplicitConfig: false,
  });
});

test("symbols may follow a path with spaces", () => {
  expect(parseResourcePattern("/a b/c d !*")).toMatchObject({
    segments: [{ text: "a b" }, { text: "c d" }],
    onUnmatchingSlash: "drop",
    isSubtreeHandler: true,
  });
});

test.each([
  ["/a", false],
  ["/a/", true],
  ["/a *", true],
  ["/", false],
  ["/ *", true],
])("%s says something about its configuration: %s", (text, expected) => {
  expect(parseResourcePattern(text).hasExplicitConfig).toBe(expected);
});

test("options reach every regex", () => {
  const { segments, host } = parseResourcePattern("http://{h:x+}.com/{a:x+}", { maxSegmentLength: 6 });
  const [segment] = segments;
  expect(segment?.kind === "regex" && segment.match("x".repeat(7))).toBeNull();
  expect(host?.kind === "regex" && host.match("xxx.com")).toBeNull();
});

test("a relative path is a path without a host", () => {
  expect(parseRelativePath("/a/{b}/ !")).toMatchObject({
    host: null,
    segments: [{ text: "a" }, { text: "{b}" }],
    endsWithSlash: true,
    onUnmatchingSlash: "drop",
  });
});

test("formatPath joins segments", () => {
  const { segments } = parseResourcePattern("/a/{b:x}");
  expect(formatPath(segments)).toBe("/a/{b:x}");
  expect(formatPath(segments, true)).toBe("/a/{b:x}/");
  expect(formatPath([], true)).toBe("/");
});
