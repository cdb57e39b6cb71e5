import { describe, expect, test } from "vitest";
import {
  type PatternOptions,
  parseSegmentPattern,
  type RegexPattern,
  type SegmentPattern,
} from "../../src/pattern/segment-pattern.ts";

function parse(text: string, options?: PatternOptions): SegmentPattern {
  return parseSegmentPattern(text, { pattern: `/${text}`, offset: 1 }, options);
}

function capturesOf(text: string, segment: string): Record<string, string | undefined> | null {
  const pattern = parse(text) as RegexPattern;
  const match = pattern.match(segment);
  return match && Object.fromEntries(pattern.captures.map(({ name, group }) => [name, match[group]]));
}

test.each([
  ["news", "static", []],
  ["{{x}}", "static", []],
  ["{id}", "wildcard", ["id"]],
  ["{id:\\d+}", "regex", ["id"]],
  ["v{major:\\d+}.{minor}", "regex", ["major", "minor"]],
])("%s is %s", (text, kind, captureNames) => {
  expect(parse(text)).toMatchObject({ kind, text, captureNames });
});

test.each([
  // Groups of the user's own shift those behind them
  ["{a:(x)(?:y)|(z)}-{b:(\\d)+}", "xy-12", { a: "xy", b: "12" }],
  ["{a:x|y}{b:1|2}", "y2", { a: "y", b: "2" }],
  ["{a:[(]}{b:\\(}", "((", { a: "(", b: "(" }],
  // Text is literal
  ["a.b+{c:.}", "a.b+c", { c: "c" }],
  ["a.b+{c:.}", "aXbbc", null],
  ["{{{a:x}}}", "{x}", { a: "x" }],
  // Anchored at both ends
  ["{a:x|y}", "xy", null],
  ["{a:x}", "x\n", null],
  // Without a regex
  ["{name}.{ext}", "a.tar.gz", { name: "a", ext: "tar.gz" }],
  ["{name}.{ext}", ".gz", null],
  ["v{rest}", "v1\n2", { rest: "1\n2" }],
  ["v{rest}", "v", null],
  // A slash is data
  ["{a:x%2Fy}%2f{b}", "x/y/z", { a: "x/y", b: "z" }],
  ["{a:[^%2f]+}", "x/y", null],
  // A `]` that comes first in a class
  ["{a:[]x]+}", "]x", { a: "]x" }],
  ["{a:[^])]+}", "ab", { a: "ab" }],
  ["{a:[^])]+}", "a]", null],
  ["{a:[[]+}", "[[", { a: "[[" }],
  ["{a:[x\\]}]+}", "x]}", { a: "x]}" }],
  // More than one UTF-16 unit
  ["{a:.}é", "😀é", { a: "😀" }],
])("%s on %j", (pattern, segment, captures) => {
  expect(capturesOf(pattern, segment)).toEqual(captures);
});

test("a segment longer than the limit is no match", () => {
  const text = "x".repeat(256);
  expect((parse("{a:x+}") as RegexPattern).match(text)).not.toBeNull();
  expect((parse("{a:x+}") as RegexPattern).match(`${text}x`)).toBeNull();
  expect((parse("{a:x+}", { maxSegmentLength: 3 }) as RegexPattern).match("xxxx")).toBeNull();
});

describe("isSame", () => {
  test.each([
    ["news", "news"],
    ["a%2fb", "a%2Fb"],
    ["{id}", "{id}"],
    ["{name}.{ext}", "{name:[^.]+}.{ext}"],
    ["{a:x%2f}", "{a:x%2F}"],
  ])("%s is %s", (one, other) => {
    expect(parse(one).isSame(parse(other))).toBe(true);
    expect(parse(other).isSame(parse(one))).toBe(true);
  });

  test.each([
    ["news", "News"],
    ["id", "{id}"],
    ["{id}", "id"],
    ["{id}", "{name}"],
    ["{id}", "{id:\\d+}"],
    ["{id:\\d+}", "{id}"],
    ["{id:\\d+}", "{n:\\d+}"],
    ["{id:\\d+}", "{id:\\d*}"],
    ["a{b:x}", "{b:ax}"],
  ])("%s is not %s", (one, other) => {
    expect(parse(one).isSame(parse(other))).toBe(false);
  });
});

test("patterns are frozen", () => {
  for (const text of ["a", "{a}", "a{b}"]) {
    const pattern = parse(text);
    expect(Object.isFrozen(pattern)).toBe(true);
    expect(Object.isFrozen(pattern.captureNames)).toBe(true);
  }
});
