import {
  _get,
  _method,
  _methodHandler,
  _mistargetedRequest,
  _post,
  _requestReceiver,
  _wildcardMethod,
  type DefinitionError,
  Host,
  InvalidTreeError,
  identity,
  type Layer,
  Resource,
  Router,
} from "argania";
import { describe, expect, it } from "vitest";

const handled = (pattern: string) => new Resource(pattern).setHandlerFor(_get.to(() => "x"));

/** What a user does wrong, the error's code, both places that it names, and what it says to do. */
const REFUSALS: readonly (readonly [string, () => unknown, string, readonly string[], RegExp])[] = [
  [
    "two resources with an effect",
    () => new Resource("/").addSubresource([handled("/a"), handled("/a")]),
    "ARGANIA_CONFLICTING_RESOURCES",
    ["/a", "/a"],
    /subresource\("…"\)/,
  ],
  [
    "two extensions for one resource",
    () =>
      new Resource("/").addSubresource([new Resource("/a").setExtension(1), handled("/a").setExtension(2)]),
    "ARGANIA_CONFLICTING_RESOURCES",
    ["/a", "/a"],
    /extension/,
  ],
  [
    "a second wildcard",
    () => new Resource("/x").addSubresource([handled("/{a}"), handled("/{b}")]),
    "ARGANIA_SECOND_WILDCARD",
    ["/{b}", "/x/{a}"],
    /\{name:regex\}/,
  ],
  [
    "other symbols for the same resource",
    () => {
      const root = new Resource("/").addSubresource(handled("/a *"));
      root.subresource("/a !");
    },
    "ARGANIA_MISMATCHING_SYMBOLS",
    ["/a !", "/a *"],
    /same trailing slash and symbols/,
  ],
  [
    "other symbols when merging",
    () => new Resource("/").addSubresource([new Resource("/a/"), new Resource("/a *")]),
    "ARGANIA_MISMATCHING_SYMBOLS",
    ["/a *", "/a/"],
    /same trailing slash/,
  ],
  [
    "a name that the path has already",
    () => new Resource("/users/{id}").addSubresource(new Resource("/{id:\\d+}")),
    "ARGANIA_DUPLICATE_CAPTURE_NAME",
    ["/{id:\\d+}", "/users/{id}"],
    /Rename/,
  ],
  [
    "a name twice in one pattern",
    () => new Resource("/{id}/{id}"),
    "ARGANIA_DUPLICATE_CAPTURE_NAME",
    ["/{id}/{id}", "/{id}/{id}"],
    /Rename/,
  ],
  [
    "a name that the host has already",
    () => new Host("{id}.example.com", new Resource("/").addSubresource(new Resource("/a/{id}"))),
    "ARGANIA_DUPLICATE_CAPTURE_NAME",
    ["http://{id}.example.com/a/{id}", "http://{id}.example.com"],
    /Rename/,
  ],
  [
    "a name deep in an added tree",
    () =>
      new Resource("/{a}").addSubresource(new Resource("/b").addSubresource(new Resource("/{a:\\d}-{c}"))),
    "ARGANIA_DUPLICATE_CAPTURE_NAME",
    ["/b/{a:\\d}-{c}", "/{a}"],
    /Rename/,
  ],
  [
    "a root below",
    () => new Resource("/a").addSubresource(new Resource("/")),
    "ARGANIA_ROOT_SUBRESOURCE",
    ["/", "/a"],
    /path of its own/,
  ],
  [
    "a prefix of another place",
    () => new Resource("/a").addSubresource(new Resource("/b/c")),
    "ARGANIA_WRONG_PREFIX",
    ["/b/c", "/a"],
    /last segment only/,
  ],
  [
    "a host in a tree without one",
    () => new Resource("/").addSubresource(new Resource("http://example.com/a")),
    "ARGANIA_WRONG_HOST",
    ["http://example.com/a", "/"],
    /Router/,
  ],
  [
    "another host than the tree's",
    () => new Resource("http://a.com/").addSubresource(new Resource("http://b.com/x")),
    "ARGANIA_WRONG_HOST",
    ["http://b.com/x", "http://a.com/"],
    /Router/,
  ],
  [
    "a second handler for a method",
    () =>
      new Resource("/a").setHandlerFor(
        _get.to(() => "1"),
        _get.to(() => "2"),
      ),
    "ARGANIA_DUPLICATE_HANDLER",
    ["/a"],
    /GET/,
  ],
  [
    "a second wildcard-method handler",
    () =>
      new Resource("/a").setHandlerFor(_wildcardMethod.to(() => "1")).setHandlerFor(_wildcardMethod.to(null)),
    "ARGANIA_DUPLICATE_HANDLER",
    ["/a"],
    /all other methods/,
  ],
  [
    "a second mistargeted-request handler",
    () =>
      new Resource("/a").setHandlerFor([
        _mistargetedRequest.to(() => "1"),
        _mistargetedRequest.to(() => "2"),
      ]),
    "ARGANIA_DUPLICATE_HANDLER",
    ["/a"],
    /mistargeted requests/,
  ],
  [
    "a second extension",
    () => new Resource("/a").setExtension(1).setExtension(2),
    "ARGANIA_DUPLICATE_EXTENSION",
    ["/a"],
    /one object/,
  ],
  [
    "a second router extension",
    () => new Router().setExtension(1).setExtension(2),
    "ARGANIA_DUPLICATE_EXTENSION",
    ["router"],
    /one object/,
  ],
  [
    "a resource at a second place",
    () => {
      const shared = handled("/a");
      new Resource("/").addSubresource(shared);
      new Resource("/").addSubresource(shared);
    },
    "ARGANIA_ALREADY_IN_TREE",
    ["/a"],
    /one place/,
  ],
  [
    "a resource below itself",
    () => {
      const outer = new Resource("/a");
      outer.subresource("/b").addSubresource(outer);
    },
    "ARGANIA_ALREADY_IN_TREE",
    ["/a"],
    /one place/,
  ],
  [
    "a part of a tree as a service",
    () => new Resource("/").subresource("/a").intoService(),
    "ARGANIA_ALREADY_IN_TREE",
    ["/a"],
    /service of its root/,
  ],
  [
    "a resource with a host as a service",
    () => new Resource("http://example.com/a").intoService(),
    "ARGANIA_HOST_WITHOUT_ROUTER",
    ["http://example.com/a"],
    /router\.addResource/,
  ],
  [
    "a host without root",
    () => new Host("example.com", new Resource("/a")),
    "ARGANIA_HOST_ROOT",
    ["example.com", "/a"],
    /new Resource\("\/"\)/,
  ],
  [
    "a root of another host",
    () => new Host("a.com", new Resource("http://b.com/")),
    "ARGANIA_WRONG_HOST",
    ["http://b.com/", "http://a.com/"],
    /Router/,
  ],
  [
    "a root of two hosts",
    () => {
      const root = new Resource("/");
      return [new Host("a.com", root), new Host("a.com", root)];
    },
    "ARGANIA_ALREADY_IN_TREE",
    ["http://a.com/"],
    /one place/,
  ],
  [
    "a wildcard host",
    () => new Host("{name}", new Resource("/")),
    "ARGANIA_PATTERN",
    ["{name}"],
    /never a wildcard/,
  ],
  [
    "a layer that is none",
    () => new Resource("/").addLayerTo(_requestReceiver(7 as unknown as Layer)),
    "ARGANIA_INVALID_LAYER",
    [],
    /wrap\(handler\)/,
  ],
  [
    "a receiver layer on a router",
    () => new Router().addLayerTo(_requestReceiver(identity) as never),
    "ARGANIA_ROUTER_LAYER",
    ["router"],
    /_requestPasser/,
  ],
];

describe("a definition is refused for", () => {
  it.each(REFUSALS)("%s", (_, define, code, paths, advice) => {
    let error: DefinitionError | undefined;
    try {
      define();
    } catch (caught) {
      error = caught as DefinitionError;
    }
    expect(error?.code).toBe(code);
    expect(error?.paths).toEqual(paths);
    expect(error?.message).toMatch(advice);
    expect(error?.name).toMatch(/Error$/);
  });

  it.each(REFUSALS)("%s with a class of its own", (_, define, code) => {
    const names = new Set<string>();
    for (const [, other, otherCode] of REFUSALS) {
      if (otherCode === code) {
        expect(other).toThrow();
        names.add(nameOf(other));
      }
    }
    expect(names).toEqual(new Set([nameOf(define)]));
  });
});

function nameOf(define: () => unknown): string {
  try {
    define();
  } catch (error) {
    return (error as Error).constructor.name;
  }
  return "";
}

describe("a wrong argument gets a clear answer", () => {
  it.each([
    ["a handler without its method", () => new Resource("/").setHandlerFor((() => "x") as never), /_get\.to/],
    [
      "a path for a resource",
      () => new Resource("/").addSubresource("/x" as never),
      /new Resource\("\/path"\)/,
    ],
    [
      "a path for a resource under a path",
      () => new Resource("/").addSubresourceUnder("/a", "/x" as never),
      /new Resource/,
    ],
    ["a resource for a host", () => new Router().addHost(new Resource("/") as never), /new Host/],
    ["an extractor that is none", () => _get.to([7 as never], () => "x"), /extract\(context, args\)/],
  ])("%s", (_, define, advice) => {
    expect(define).toThrow(TypeError);
    expect(define).toThrow(advice);
  });

  it.each([
    ["/users/:id", /Write "\{id\}"/],
    ["/files/*", /Write " \*"/],
  ])("the Express path %s", (path, advice) => {
    expect(() => new Resource(path)).toThrow(expect.objectContaining({ code: "ARGANIA_PATTERN" }));
    expect(() => new Resource(path)).toThrow(advice);
  });
});

describe("pattern options", () => {
  it("hold for everything below", () => {
    const root = new Resource("/", { allowUnsafeRegex: true });
    expect(() => root.subresource("/a").subresource("/{x:(a+)+}")).not.toThrow();
    expect(() =>
      new Router({ allowUnsafeRegex: true }).resource("/a").subresource("/{x:(a+)+}"),
    ).not.toThrow();
    expect(() => new Resource("/").subresource("/{x:(a+)+}")).toThrow(
      expect.objectContaining({ code: "ARGANIA_UNSAFE_REGEX" }),
    );
  });
});

describe("intoService()", () => {
  it("reports everything that is wrong at once, and freezes nothing", () => {
    const root = new Resource("/");
    root
      .subresource("/a")
      .setHandlerFor(_get.to(() => "a"))
      .addLayerTo(_methodHandler(["POST", "GET"], identity));
    root.subresource("/b").addLayerTo(_methodHandler("LOCK", identity));
    root.subresource("/c").addLayerTo(_requestReceiver((() => "no handler") as unknown as Layer));
    const router = new Router()
      .addResource(root)
      .addHost(new Host("x.com", new Resource("/").addLayerTo(_methodHandler("GET", identity))));
    let error: InvalidTreeError | undefined;
    try {
      router.intoService();
    } catch (caught) {
      error = caught as InvalidTreeError;
    }
    expect(error).toBeInstanceOf(InvalidTreeError);
    expect(error?.errors.map(({ code, paths }) => [code, ...paths])).toEqual([
      ["ARGANIA_MISSING_METHOD_HANDLER", "http://x.com/"],
      ["ARGANIA_MISSING_METHOD_HANDLER", "/a"],
      ["ARGANIA_MISSING_METHOD_HANDLER", "/b"],
      ["ARGANIA_INVALID_LAYER", "/c"],
    ]);
    expect(error?.message).toContain('"/a" has a layer for POST');
    expect(error?.message).toContain("4 problems");
    root.subresource("/a").setHandlerFor(_post.to(() => "now"));
  });

  it("freezes every part of the tree", async () => {
    const root = new Resource("/");
    const a = root.subresource("/a").setHandlerFor(_get.to(() => "a"));
    const host = new Host("x.com", root);
    const router = new Router().addHost(host);
    router.intoService();
    const changes: readonly (() => unknown)[] = [
      () => root.setHandlerFor(_get.to(() => "x")),
      () => a.setHandlerFor(_method("LOCK").to(() => "x")),
      () => a.addLayerTo(_requestReceiver(identity)),
      () => a.setExtension(1),
      () => a.setProperty(),
      () => a.addSubresource(new Resource("/b")),
      () => a.addSubresourceUnder("/b", new Resource("/c")),
      () => a.subresource("/new"),
      () => root.intoService(),
      () => host.intoService(),
      () => router.addHost(new Host("y.com", new Resource("/"))),
      () => router.addResource(new Resource("/z")),
      () => router.addResourceUnder("/z", new Resource("/y")),
      () => router.resource("/z"),
      () => router.addLayerTo(),
      () => router.setExtension(1),
      () => router.setProperty(),
      () => router.intoService(),
      () => new Resource("/other").addSubresource(a),
      () => new Host("z.com", root),
      () => new Router().addHost(host),
    ];
    for (const change of changes) {
      expect(change, String(change)).toThrow(expect.objectContaining({ code: "ARGANIA_FROZEN_TREE" }));
    }
    expect(root.subresource("/a").path).toBe("http://x.com/a");
    expect(router.resource("http://x.com/a").href()).toBe("/a");
  });
});
