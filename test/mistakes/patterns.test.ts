// biome-ignore-all lint/suspicious/noTemplateCurlyInString: wrong quotes are what is tested.
import { _get, fromExpressPath, Host, PatternError, Resource, Router } from "argania";
import { describe, expect, it } from "vitest";

const untyped = (value: unknown) => value as never;

describe("a pattern that is no string", () => {
  it.each<[string, () => unknown, string]>([
    [
      "a resource of nothing",
      () => new Resource(untyped(undefined)),
      'not undefined: write new Resource("/path")',
    ],
    ["a resource of a number", () => new Resource(untyped(7)), 'not a number: write new Resource("/path")'],
    ["a resource of an array", () => new Resource(untyped(["/"])), "not an array"],
    ["a resource in a router", () => new Router().resource(untyped(null)), "not null"],
    [
      "a subresource",
      () => new Resource("/").subresource(untyped(7)),
      'not a number: write subresource("/path")',
    ],
    [
      "a host whose arguments are swapped",
      () => new Host(untyped(new Resource("/")), untyped("a.com")),
      'not a Resource: write new Host("example.com", root)',
    ],
    ["a regex for Express", () => fromExpressPath(untyped(/a/)), "not a RegExp: write fromExpressPath("],
  ])("%s is a TypeError that names the call", (_, make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});

/** A foreign pattern, what to write for it, and where the caret stands. */
const FOREIGN: readonly (readonly [string, string, number])[] = [
  ["/:id", '"{id}"', 1],
  ["/a/*", '" *"', 3],
  ["/files/*path", '" *"', 7],
  ["/files/**", '" *"', 7],
  ["/(.*)", '" *"', 1],
  ["/files(.*)", '" *"', 6],
  ["/[id]", '"{id}"', 1],
  ["/a/[...path]", '" *"', 3],
  ["/a/[[...path]]", '" *"', 3],
  ["/<id>", '"{id}"', 1],
  ["/<int:id>", '"{id:\\d+}"', 1],
  ["/<path:rest>", '" *"', 1],
  ["/<uuid:id>", '"{id:regex}"', 1],
  ["/caf%C3%A9", '"é"', 4],
  ["/{a:\\d}-%5b%5D", '"[]"', 8],
  ["/a%2Fb%20c", '" "', 6],
  ["/a%3Fb", "in a regex", 2],
  ["/%FF", "decoded character", 1],
];

describe("a pattern of another framework", () => {
  it.each(FOREIGN)("%s is refused with what to write", (pattern, hint, position) => {
    const make = () => new Resource(pattern);
    expect(make).toThrow(PatternError);
    expect(make).toThrow(expect.objectContaining({ position, hint: expect.stringContaining(hint) }));
  });

  it.each(FOREIGN)("%s has a way to be meant literally", (pattern) => {
    let hint = "";
    try {
      new Resource(pattern);
    } catch (error) {
      hint = (error as PatternError).hint;
    }
    const literal = /The text itself is "(.+)"\.$/.exec(hint)?.[1];
    const isEscape = literal?.includes("%") ?? false;
    const text = isEscape ? /%\w\w(?<!%2F)(?:%\w\w)*/.exec(pattern)?.[0] : pattern.split("/").at(-1);
    const found = new Resource(`/${literal}`);
    expect(found.href({ x: text as string })).toBe(
      `/${encodeURIComponent(text as string).replace(/%3A/g, ":")}`,
    );
  });

  it.each([
    "/a%2Fb%2fc",
    "/segment%_1",
    "/segment%2_1",
    "/100%",
    "/%61%2e%7E",
    "/a*b",
    "/[0]",
    "/a:b",
    "/(x)",
    "/<>",
    "/x[id]",
  ])("%s is a pattern like any other", (pattern) => {
    expect(new Resource(pattern).path).toBe(pattern);
  });
});

/** A pattern that is nearly another one, what to write, where the caret stands, and how it is meant literally. */
const NEAR_MISSES: readonly (readonly [string, string, number, string, string])[] = [
  ["/x*", '"x *"', 2, "/x{x:\\*}", "/x*"],
  ["/a/x!*", '"x !*"', 4, "/a/x{x:!\\*}", "/a/x!*"],
  ["/a*/b", '"a *"', 2, "/a{x:\\*}/b", "/a*/b"],
  ["/a**", '"a *"', 2, "/a{x:\\*\\*}", "/a**"],
  ["/{{a}}*", '"{{a}} *"', 6, "/{{a}}{x:\\*}", "/%7Ba%7D*"],
  ["/{id}*", '"{id} *"', 5, "/{id:[^*]+}{x:\\*}", "/7*"],
  ["/{id:\\d+}*", '"{id:\\d+} *"', 9, "/{id:\\d+}{x:\\*}", "/7*"],
  ["/{x}/{y}-z*", '"{y}-z *"', 10, "/{x}/{y:[^-]+}-z{star:\\*}", "/7/8-z*"],
  ["/{name}.js*", '"{name}.js *"', 10, "/{name}.js{x:\\*}", "/a.js*"],
  ["/${id}", '"{id}"', 1, "/${id:.+}", "/$7"],
  ["/a-${id}.json", '"{id}"', 3, "/a-${id:[^.]+}.json", "/a-$7.json"],
  ["/${x}-y", '"{x}"', 1, "/${x:[^-]+}-y", "/$7-y"],
  ["/{id:int}", '"{id:\\d+}"', 5, "/{id:(?:int)}", "/int"],
  ["/a/{id:uuid}", "{36}", 7, "/a/{id:(?:uuid)}", "/a/uuid"],
  ["/{id:string}", '"{id}"', 5, "/{id:(?:string)}", "/string"],
  ["/{id:d+}", '"{id:\\\\d+}"', 5, "/{id:[d]+}", "/ddd"],
  ["/{id:w+?}", '"{id:\\\\w+?}"', 5, "/{id:[w]+?}", "/www"],
  ["/a-{gap:S*}", '"{gap:\\\\S*}"', 8, "/a-{gap:[S]*}", "/a-S"],
  ["/{day:d{4}-d{2}}", '"{day:\\\\d{4}-\\\\d{2}}"', 6, "/{day:[d]{4}-[d]{2}}", "/dddd-dd"],
  ["/{rest:path}", '" *"', 7, "/{rest:(?:path)}", "/path"],
];

describe("a pattern that is nearly another one", () => {
  it.each(NEAR_MISSES)("%s is refused with what to write", (pattern, hint, position, literal) => {
    const make = () => new Resource(pattern);
    expect(make).toThrow(PatternError);
    expect(make).toThrow(expect.objectContaining({ position, hint: expect.stringContaining(hint) }));
    let itself: string | undefined;
    try {
      make();
    } catch (error) {
      itself = /The text itself is "(.+)"\.$/.exec((error as PatternError).hint)?.[1];
    }
    expect(itself).toBeDefined();
    expect(literal).toContain(itself);
  });

  it.each(NEAR_MISSES)("%s can be meant literally", async (_pattern, _hint, _position, literal, path) => {
    const resource = new Resource(literal);
    const root = new Resource("/");
    root.addSubresource(resource);
    resource.setHandlerFor(_get.to(() => "literally"));
    expect(await (await root.intoService().request(path)).text()).toBe("literally");
  });

  it.each(["/!", "/x!", "/hello-world!", "/wow!/now"])("%s is text", async (path) => {
    const root = new Resource("/");
    root.addSubresource(new Resource(path).setHandlerFor(_get.to(({ routePattern }) => routePattern)));
    expect(await (await root.intoService().request(path)).text()).toBe(path);
  });

  it.each([
    "/a!b",
    "/a*b",
    "/$",
    "/$x",
    "/a$/{id}",
    "/${price:\\d+}",
    "/{kind:int|float}",
    "/{kind:integers}",
    "/{unit:d}",
    "/item{plural:s?}",
    "/{unit:d+x}",
    "/{days:\\d+}",
    "/{days:\\d+d?}",
    "/int",
    "/!",
    "/x!",
    "/hello-world!",
    "/hello-world!/2",
    "/a!!",
    "/a*!",
    "/{name}.js!",
    "/x !",
    "/x !*",
    "/a b",
  ])("%s is what it says", (pattern) => {
    expect(new Resource(pattern).path.startsWith("/")).toBe(true);
  });
});

describe("a host in the form of Express", () => {
  it.each([
    [":tenant.example.com", "{tenant}"],
    ["www.:tenant.example.com", "{tenant}"],
  ])("%s is told %s", (pattern, capture) => {
    const make = () => new Host(pattern, new Resource("/"));
    expect(make).toThrow(PatternError);
    expect(make).toThrow(`Write ${capture}, as in "${capture}.example.com".`);
  });

  it("and a port is told of as before", () => {
    expect(() => new Host("example.com:8080", new Resource("/"))).toThrow(
      "hosts are matched without their port",
    );
  });
});
