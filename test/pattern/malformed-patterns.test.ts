import { describe, expect, test } from "vitest";
import { DefinitionError } from "../../src/common/definition-error.ts";
import { parseHostPattern } from "../../src/pattern/host-pattern.ts";
import { PatternError, UnsafeRegexError } from "../../src/pattern/pattern-error.ts";
import { parseRelativePath, parseResourcePattern } from "../../src/pattern/resource-pattern.ts";

/** [the pattern, where the caret stands, a word of the reason, a piece of the hint] */
type Malformed = readonly [pattern: string, position: number, reason: string, hint: string];

const RESOURCES: readonly Malformed[] = [
  // Where it begins
  ["", 0, "empty", '"/"'],
  ["users", 0, "begins", '"/users"'],
  ["ftp://x/y", 0, "begins", '"http://x/y"'],
  ["http://example.com", 18, "no path", '"http://example.com/"'],
  // Segments
  ["//", 1, "empty", "Remove"],
  ["/a//b", 3, "empty", "Remove"],
  ["/a//", 3, "empty", "Remove"],
  ["/./a", 1, '"."', "dot segments"],
  ["/a/..", 3, '".."', "dot segments"],
  ["/a?b=c", 2, "query", '"/x ?"'],
  ["/a#b", 2, "fragment", "Leave it out"],
  ["/a\\b", 2, "backslash", "{id:\\d+}"],
  ["/a\0b", 2, "NUL", "Leave it out"],
  ["/a\ud800", 2, "surrogate", "whole character"],
  ["/{{a}}?{b}", 6, "query", '"/x ?"'],
  // Braces
  ["/users/{id", 7, "never closed", '"{{"'],
  ["/users/{", 7, "never closed", '"{{"'],
  ["/users/{id/{x:\\d{2}}", 7, "never closed", '"{{"'],
  ["/{a{b}}", 1, "never closed", '"{{"'],
  ["/{a:[}]", 1, "never closed", '"{{"'],
  ["/{a:\\}", 1, "never closed", '"{{"'],
  ["/{a:[^]]", 1, "never closed", '"{{"'],
  ["/{a:[\\]}", 1, "never closed", '"{{"'],
  ["/users/id}", 9, "closes nothing", '"}}"'],
  ["/{name:[^a]}]}", 13, "closes nothing", '"}}"'],
  // Names
  ["/{}", 2, "no name", '"{id}"'],
  ["/{:\\d+}", 2, "no name", '"{id:regex}"'],
  ["/{1a}", 2, "not a name", '"{a}"'],
  ["/{user-id}", 6, "not a name", '"{user_id}"'],
  ["/{-}", 2, "not a name", '"{name}"'],
  ["/{é}", 2, "not a name", "letters"],
  ["/{id?}", 4, "not a name", 'one with "{id}"'],
  ["/{*path}", 2, "not a name", '"/files *"'],
  ["/{...path}", 2, "not a name", '"/files *"'],
  ["/{path*}", 6, "not a name", '"/files *"'],
  ["/{__proto__}", 2, "__proto__", "another name"],
  ["/x{a:b}{a:c}", 8, "taken", '"a2"'],
  // Captures and regexes
  ["/{a}{b}", 1, "where it ends", '"{a:\\d+}"'],
  ["/{a}-{b}", 1, "where it ends", '"{a:[^-]+}"'],
  ["/{a}]", 1, "where it ends", '"{a:[^\\]]+}"'],
  ["/{a:}", 4, "no regex", '"{a}"'],
  ["/{a:x/y}", 5, "no slash", '"%2F"'],
  ["/{a:(x}", 4, "no end", "\\("],
  ["/p/{a:x)(y}", 7, "closes no group", "\\)"],
  ["/{a:%2Fx]}", 8, "lone ]", "\\]"],
  ["/{a:[[]]}", 7, "lone ]", "\\]"],
  ["/{a:[]x]]}", 8, "lone ]", "\\]"],
  ["/{a:[z-a]}", 5, "wrong order", "lower character"],
  ["/{a:\\d(x}", 6, "no end", "\\("],
  ["/{a:x{3000}}", 5, "too large", ""],
  ["/-{a:x{900}}{b:x{900}}{c:x{900}}", 5, "too large", ""],
  // Configuration symbols
  ["/ !", 2, "root", '"/ *"'],
  ["/ *?", 3, "root", '"/ *"'],
  ["/a ", 2, "ends with a space", '"/a *"'],
  ["/a  *", 3, "one space", '"/a *"'],
  ["/a **", 4, "repeated", "once"],
  ["/a ?*?", 5, "repeated", "once"],
  ["/a !?", 4, "both", "one of the two"],
  ["/a ?*!", 5, "both", "one of the two"],
  ["/a &", 3, "not a configuration symbol", '"*"'],
  ["/a *x", 4, "not a configuration symbol", '"*"'],
  ["/a !/b", 4, "not a configuration symbol", "end of the whole pattern"],
  ["/a !/b c", 3, "end of the whole pattern", "of its own"],
  ["/a !/b *", 3, "end of the whole pattern", "of its own"],
  // Hosts within the pattern of a resource
  ["http://{a}/x", 7, "wildcard", '"{a}.example.com"'],
  ["http://x:80/y", 8, "port", "Leave it out"],
  ["http://{a:(x}.com/y", 10, "no end", "\\("],
];

const HOSTS: readonly Malformed[] = [
  ["", 0, "empty", '"example.com"'],
  ["http://", 7, "empty", '"example.com"'],
  ["{a}", 0, "wildcard", '"{a}.example.com"'],
  ["https://{a}/", 8, "wildcard", '"{a:regex}"'],
  ["{a}{b}.com", 0, "where it ends", "dot"],
  ["{a}.{a}.com", 5, "taken", '"a2"'],
  ["x.com:80", 5, "port", "Leave it out"],
  ["[::1]:80", 5, "port", "Leave it out"],
  ["me@x.com", 2, "user name", "follows"],
  ["*.x.com", 0, "wildcards", "{tenant}"],
  ["x.com/y", 5, "path", "resource"],
  ["x y", 1, "character of hosts", "letters"],
  ["{{x}}", 0, "character of hosts", "letters"],
  [".x.com", 0, "empty label", "label"],
  ["a..b", 2, "empty label", "label"],
  ["[:::1]", 0, "IPv6", '"[::1]"'],
  ["{a}bücher.de", 3, "Punycode", "xn--"],
  ["bü{a}.de", 0, "Punycode", "xn--"],
  ["x.\u{FFFF}", 0, "Punycode", "xn--"],
  ["http://{a", 7, "never closed", '"{{"'],
];

describe.each([
  ["resource", parseResourcePattern, RESOURCES],
  ["host", parseHostPattern, HOSTS],
] as const)("a malformed %s pattern", (_, parse, table) => {
  test.each(table)("%j is refused at %i", (pattern, position, reason, hint) => {
    const error = errorOf(() => parse(pattern));
    expect(error).toBeInstanceOf(DefinitionError);
    expect(error).toMatchObject({
      name: "PatternError",
      code: "ARGANIA_PATTERN",
      pattern,
      position,
      paths: [pattern],
    });
    const [line, caret] = error.message.split("\n").slice(2);
    expect(line?.length).toBe(pattern.length + 2);
    expect(caret).toBe(`  ${" ".repeat(position)}^`);
    expect(error.message.split("\n")[0]).toContain(reason);
    expect(error.hint).toContain(hint);
  });
});

test("control characters do not break the line under which the caret stands", () => {
  expect(errorOf(() => parseResourcePattern("/\n\0")).message).toContain("\n  /␊␀\n    ^\n");
});

test.each([
  ["/{a:(x+)+}", 4],
  ["/p-{a:x+}{b:(x|x)*}", 12],
])("the exponential regex of %s is refused, unless one insists", (pattern, position) => {
  const error = errorOf(() => parseResourcePattern(pattern));
  expect(error).toBeInstanceOf(UnsafeRegexError);
  expect(error).toMatchObject({ name: "UnsafeRegexError", code: "ARGANIA_UNSAFE_REGEX", position });
  expect(error.hint).toContain("{ allowUnsafeRegex: true }");
  expect(() => parseResourcePattern(pattern, { allowUnsafeRegex: true })).not.toThrow();
});

test.each([
  ["http://x.com/y", 0, "no host", '"/y"'],
  ["https://x.com", 0, "no host", "the path only"],
  ["/", 0, "root", '"/users/{id}"'],
  ["/ *", 0, "root", '"/users/{id}"'],
  ["x", 0, "begins", '"/x"'],
] as const)("%j is no relative path", (pattern, position, reason, hint) => {
  const error = errorOf(() => parseRelativePath(pattern));
  expect(error).toMatchObject({ pattern, position });
  expect(error.message).toContain(reason);
  expect(error.hint).toContain(hint);
});

function errorOf(run: () => unknown): PatternError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(PatternError);
    return error as PatternError;
  }
  throw new Error("nothing was refused");
}
