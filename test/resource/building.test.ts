import {
  _get,
  _post,
  _requestReceiver,
  type AnyResource,
  Host,
  identity,
  json,
  PropertyKind,
  Resource,
  Router,
} from "argania";
import { describe, expect, it } from "vitest";

const handled = (pattern: string, answer = pattern) =>
  new Resource(pattern).setHandlerFor(_get.to(() => answer));

function pathsOf(resource: AnyResource): string[] {
  const paths: string[] = [];
  resource.forEachSubresource(({ path }) => {
    paths.push(path);
  });
  return paths;
}

describe("adding resources", () => {
  it("makes the missing resources of a prefix", () => {
    const root = new Resource("/").addSubresource(new Resource("/a/{b}/c"));
    expect(pathsOf(root)).toEqual(["/a", "/a/{b}", "/a/{b}/c"]);
  });

  it("matches a prefix against the parent's path", () => {
    const parent = new Resource("/st/{wl}").addSubresource([
      new Resource("/st/{wl}/x/y"),
      new Resource("/own"),
    ]);
    expect(pathsOf(parent)).toEqual(["/st/{wl}/x", "/st/{wl}/x/y", "/st/{wl}/own"]);
  });

  it("puts resources under a path, made or not", () => {
    const root = new Resource("/");
    root.addSubresourceUnder("/a/b", [new Resource("/c"), new Resource("/a/b/d")]);
    expect(pathsOf(root)).toEqual(["/a", "/a/b", "/a/b/c", "/a/b/d"]);
  });

  it("keeps what is defined through a resource after it was merged", async () => {
    const root = new Resource("/");
    root.subresource("/a/b").setHandlerFor(_get.to(() => "b"));
    const a = handled("/a");
    root.addSubresource(a);
    a.subresource("/c").setHandlerFor(_get.to(() => "c"));
    a.setHandlerFor(_post.to(() => "posted"));
    const service = root.intoService();
    for (const [path, method, answer] of [
      ["/a", "GET", "/a"],
      ["/a/b", "GET", "b"],
      ["/a/c", "GET", "c"],
      ["/a", "POST", "posted"],
    ]) {
      expect(await (await service.request(path as string, { method: method as string })).text()).toBe(answer);
    }
  });

  it("takes a layer for an effect, and hands over layers, extensions and options in a merge", async () => {
    const size = new PropertyKind("size", 1);
    const root = new Resource("/").addSubresource(
      new Resource("/a").setExtension("e").setProperty(size.to(2)),
    );
    root.addSubresource(
      new Resource("/a").setHandlerFor(
        _get.to((context, args) => json([args.nodeExtension, context.property(size)])),
      ),
    );
    expect(await (await root.intoService().request("/a")).json()).toEqual(["e", 2]);
    const layered = new Resource("/").addSubresource(
      new Resource("/a").addLayerTo(_requestReceiver(identity)),
    );
    expect(() => layered.addSubresource(handled("/a"))).toThrow(/both have handlers or layers/);
  });

  it("leaves both trees as they were when an addition is refused", () => {
    const root = new Resource("/").addSubresource([handled("/a/x"), new Resource("/b/{id}")]);
    const before = root.toString();
    const addition = new Resource("/a").addSubresource([handled("/new"), handled("/x")]);
    expect(() => root.addSubresource(addition)).toThrow();
    expect(root.toString()).toBe(before);
    expect(pathsOf(addition)).toEqual(["/a/new", "/a/x"]);
    const prefixed = new Resource("/b/{id}/c/{id2}");
    prefixed.addSubresource(new Resource("/d"));
    expect(() => new Resource("/").addSubresource([new Resource("/b/{other}"), prefixed])).toThrow(
      /wildcard/,
    );
    root.addSubresource(prefixed);
    expect(pathsOf(root)).toContain("/b/{id}/c/{id2}/d");
  });

  it("replaces the default options of a resource without effect by those of its first name", () => {
    const root = new Resource("/");
    root.subresource("/a/b");
    expect(root.subresource("/a/ *").path).toBe("/a/ *");
    expect(root.subresource("/a").path).toBe("/a/ *");
  });
});

describe("looking at resources", () => {
  it("visits depth first, skipping and stopping as told", () => {
    const root = new Resource("/").addSubresource([
      new Resource("/a/x"),
      new Resource("/b/y"),
      new Resource("/c"),
    ]);
    const seen: string[] = [];
    root.forEachSubresource(({ path }) => {
      seen.push(path);
      return path === "/a" ? "skip" : path === "/b/y" ? "stop" : undefined;
    });
    expect(seen).toEqual(["/a", "/b", "/b/y"]);
  });

  it("compares own patterns and hosts", () => {
    const resource = new Resource("http://Example.com/users/{id:\\d+} *");
    expect(resource.is("/{id:\\d+}")).toBe(true);
    expect(resource.is("/{id}")).toBe(false);
    expect(resource.is("/users/{id:\\d+}")).toBe(false);
    expect(resource.is("/")).toBe(false);
    expect(resource.hostIs("https://example.com")).toBe(true);
    expect(resource.hostIs("example.org")).toBe(false);
    expect(new Resource("/").is("/")).toBe(true);
    expect(new Host("{a}.com", new Resource("/")).is("{a}.com")).toBe(true);
    expect(new Host("{a}.com", new Resource("/")).is("{b}.com")).toBe(false);
  });

  it("describes the tree as data", () => {
    const root = new Resource("/ *").setHandlerFor(
      _get.to(() => "x").wrappedIn(identity),
      _post.to(() => "y"),
    );
    root.addLayerTo(_requestReceiver(identity));
    root.setExtension(1);
    root.subresource("/{n:\\d+}/ !");
    expect(root.describe()).toEqual({
      type: "resource",
      pattern: "",
      path: "/ *",
      kind: "root",
      symbols: "*",
      methods: ["GET", "POST"],
      handlesMistargetedRequests: false,
      layers: { "request-receiver": ["identity"], GET: ["identity"] },
      hasExtension: true,
      children: [
        {
          type: "resource",
          pattern: "{n:\\d+}/",
          path: "/{n:\\d+}/ !",
          kind: "regex",
          symbols: "!",
          methods: [],
          handlesMistargetedRequests: false,
          layers: {},
          hasExtension: false,
          children: [],
        },
      ],
    });
  });
});

describe("a router", () => {
  it("puts resources under the hosts that they name, http and https alike", async () => {
    const router = new Router().addResource([
      handled("http://a.com/x"),
      handled("https://a.com/y"),
      handled("/z"),
    ]);
    router.addResourceUnder("http://a.com/x", handled("/below", "below"));
    router.resource("http://a.com/x/made").setHandlerFor(_get.to(() => "made"));
    const roots: string[] = [];
    router.forEachRoot((root) => {
      roots.push(root.path);
    });
    expect(roots).toEqual(["http://a.com/", "/"]);
    const service = router.intoService();
    const ask = async (path: string, host: string) =>
      (await service.request(path, { headers: { host } })).text();
    expect(await ask("/x/below", "a.com")).toBe("below");
    expect(await ask("/x/made", "a.com")).toBe("made");
    expect(await ask("/z", "b.com")).toBe("/z");
  });

  it("stops its visit when told", () => {
    const roots: string[] = [];
    new Router().addResource([handled("http://a.com/x"), handled("/z")]).forEachRoot((root) => {
      roots.push(root.path);
      return "stop";
    });
    expect(roots).toHaveLength(1);
  });

  it("keeps no empty host when an addition is refused", async () => {
    const router = new Router().addResource(handled("/x"));
    expect(() => router.addResourceUnder("http://a.com/b", new Resource("/q/r"))).toThrow(
      /ARGANIA|does not begin/,
    );
    const response = await router.intoService().request("/x", { headers: { host: "a.com" } });
    expect(await response.text()).toBe("/x");
  });

  it("merges the trees of hosts with the same pattern, and a root that comes later", async () => {
    const router = new Router().addResource(handled("http://a.com/x"));
    router.addHost(new Host("A.com.", new Resource("/").setHandlerFor(_get.to(() => "root"))));
    router.addResource(new Resource("http://a.com/").addSubresource(handled("/y")));
    const service = router.intoService();
    for (const [path, answer] of [
      ["/", "root"],
      ["/x", "http://a.com/x"],
      ["/y", "/y"],
    ] as const) {
      expect(await (await service.request(path, { headers: { host: "a.com" } })).text()).toBe(answer);
    }
  });

  it("answers 404 without any tree for the host", async () => {
    const service = new Router().addHost(new Host("a.com", new Resource("/"))).intoService();
    expect((await service.request("/", { headers: { host: "b.com" } })).status).toBe(404);
    expect((await new Router().intoService().request("/")).status).toBe(404);
  });
});

describe("a resource that is not the root", () => {
  it("is served at its whole path", async () => {
    const service = handled("/a/b").intoService();
    expect((await service.request("/a/b")).status).toBe(200);
    expect((await service.request("/b")).status).toBe(404);
    expect((await service.request("/")).status).toBe(404);
  });
});
