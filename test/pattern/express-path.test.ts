// biome-ignore-all lint/suspicious/noTemplateCurlyInString: dollar signs in front of params are tested.
import { match } from "path-to-regexp";
import { describe, expect, test } from "vitest";
import { DefinitionError } from "../../src/common/definition-error.ts";
import { fromExpressPath } from "../../src/pattern/express-path.ts";
import { ExpressPathError } from "../../src/pattern/express-path-error.ts";
import { parseResourcePattern } from "../../src/pattern/resource-pattern.ts";

test.each([
  ["/", "/"],
  ["/users", "/users"],
  ["/users/", "/users/"],
  ["/users/:id", "/users/{id}"],
  ["/users/:userId/posts/:postId", "/users/{userId}/posts/{postId}"],
  ["/files/:name.:ext", "/files/{name}.{ext}"],
  ["/:a-:b", "/{a:[^-]+}-{b}"],
  ["/:a\\]:b", "/{a:[^\\]]+}]{b}"],
  ["/:a-to-:b", "/{a:(?:(?!-to-).)+}-to-{b}"],
  ["/:a...:b", "/{a:(?:(?!\\.\\.\\.).)+}...{b}"],
  ["/:id.json", "/{id:.+}.json"],
  ["/v:major", "/v{major}"],
  ["/@:user", "/@{user}"],
  ["/a\\:b", "/a:b"],
  ["/\\{x\\}", "/{{x}}"],
  ["/:a\\{:b", "/{a:[^{]+}{{{b}"],
  ["/caf%C3%A9", "/café"],
  ["/a%2Fb", "/a%2Fb"],
  ["/100%", "/100%"],
  ["/files/*path", "/files *"],
  ["/*path", "/ *"],
  ["/{*path}", "/ *"],
  ["/files{/*path}", "/files *"],
  ["/:user/*path", "/{user} *"],
  ["/users{/}", "/users ?"],
  ["/wow\\!", "/wow!"],
  ["/wow\\!/:id", "/wow!/{id}"],
  ["/usd$:amount", "/usd${amount:.+}"],
  ["/usd%24:amount", "/usd${amount:.+}"],
  ["/$:amount.:ext", "/${amount:[^.]+}.{ext}"],
  ["/$:amount-:ext", "/${amount:[^-]+}-{ext}"],
  // Text that would be read as symbols
  ["/a\\*", "/a{text:\\*}"],
  ["/\\*/b\\!\\*", "/{text:\\*}/b!{text2:\\*}"],
  ["/:text/x\\*", "/{text}/x{text2:\\*}"],
  ["/a \\*", "/a {text:\\*}"],
  ["/a \\!", "/a {text:!}"],
  ["/:id\\*", "/{id:.+}{text:\\*}"],
] as const)("%s becomes %s", (path, pattern) => {
  expect(fromExpressPath(path)).toBe(pattern);
});

test.each(["/wow\\!", "/a\\*", "/a \\*", "/a \\!", "/b\\!\\*", "/$", "/usd$x"])(
  "%s matches what it does for Express",
  (path) => {
    const segment = path.slice(1).replaceAll("\\", "");
    expect(match(path)(`/${segment}`)).not.toBe(false);
    const { segments, isSubtreeHandler, onUnmatchingSlash } = parseResourcePattern(fromExpressPath(path));
    const [pattern] = segments;
    const isSame =
      pattern?.kind === "regex"
        ? pattern.match(segment) !== null
        : pattern?.kind === "static" && pattern.value === segment;
    expect([isSame, isSubtreeHandler, onUnmatchingSlash]).toEqual([true, false, "redirect"]);
  },
);

test.each([
  ["/:a-:b", ["x-y", "x-y-z", "xy", "x-"]],
  ["/:a-to-:b", ["new-york-to-rome", "x-to-y-to-z", "x-y"]],
  ["/:a.:b", ["x.y", "x.y.z", "xy"]],
  ["/:id.json", ["1.json", "a.b.json", ".json", "1.xml"]],
  ["/:a-:b.json", ["1-2.json", "1-2-3.json", "1.json"]],
])("the pattern of %s captures what Express does", (path, segments) => {
  const express = match(path);
  const [pattern] = parseResourcePattern(fromExpressPath(path)).segments;
  for (const segment of segments) {
    const expected = express(`/${segment}`);
    const found = pattern?.kind === "regex" ? pattern.match(segment) : null;
    const params =
      pattern?.kind === "regex" && found !== null
        ? Object.fromEntries(pattern.captures.map(({ name, group }) => [name, found[group]]))
        : null;
    expect(params, segment).toEqual(expected === false ? null : { ...expected.params });
  }
});

describe("what has no pattern", () => {
  test.each([
    // Not rooted
    ["users/:id", "slash", '"/users/:id"'],
    // Express 4
    ["/users/:id(\\d+)", "Express 5", '"/users/{id:\\d+}"'],
    ["/users/:id(\\d+|(new|old))/x/:y", "Express 5", '"/users/{id:\\d+|(new|old)}/x/{y}"'],
    ["/users/:id?", "Express 5", '"/users" and "/users/{id}"'],
    ["/:id(\\d+)?", "Express 5", '"/" and "/{id:\\d+}"'],
    ["/users/*", "Express 5", '"/users *"'],
    ["*", "slash", '"/ *"'],
    ["(.*)", "slash", '"/ *"'],
    ["/x/(.*)", "Express 5", '"/x *"'],
    ["/:user/:path(.*)", "Express 5", '"/{user} *"'],
    ["/x/:path+", "Express 5", '"/x *"'],
    ["/x/:path*", "Express 5", '"/x *"'],
    ["/a+b", "Express 5", "backslash"],
    // Express 5
    ["/users{/:id}", "optional", '"/users" and "/users/{id}"'],
    ["/a{b}{/:c}", "optional", '"/a" and "/ab" and "/a/{c}" and "/ab/{c}"'],
    ["/a/*path/b", "last segment", '"/{a}/{b}"'],
    ["/a*path", "last segment", '"/{a}/{b}"'],
    ["/:été", "not a name", "letters"],
    ['/:"a b"', "not a name", "letters"],
    ["/a//b", "malformed", "Remove one of the slashes"],
    ["/a\\?", "malformed", "regex"],
    ["/a:b:c", "malformed", "where it ends"],
    ["/$:b:c", "malformed", "where it ends"],
    ["/:a:a", "malformed", "taken"],
  ])("%s", (path, reason, hint) => {
    const error = errorOf(path);
    expect(error).toBeInstanceOf(DefinitionError);
    expect(error).toMatchObject({
      name: "ExpressPathError",
      code: "ARGANIA_EXPRESS_PATH",
      path,
      paths: [path],
    });
    expect(error.message).toContain(reason);
    expect(error.hint).toContain(hint);
  });
});

function errorOf(path: string): ExpressPathError {
  try {
    fromExpressPath(path);
  } catch (error) {
    expect(error).toBeInstanceOf(ExpressPathError);
    return error as ExpressPathError;
  }
  throw new Error("nothing was refused");
}
