import {
  _get,
  _method,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _requestPasser,
  _requestReceiver,
  type AnyResource,
  around,
  Host,
  InvalidTreeError,
  identity,
  json,
  type Layer,
  listRoutes,
  PropertyKind,
  RedirectionLayer,
  Resource,
  Router,
} from "argania";
import { describe, expect, it } from "vitest";

const handled = (pattern: string, answer = pattern) =>
  new Resource(pattern).setHandlerFor(_get.to(() => answer));

describe("definition", () => {
  it("can be mended and made a service after intoService() has refused it", async () => {
    const item = new Resource("/shop/{item}").addLayerTo(_methodHandler("GET", identity));
    expect(() => item.intoService()).toThrow(InvalidTreeError);
    expect(item.path).toBe("/shop/{item}");
    item.setHandlerFor(_get.to(({ params }) => params.item));
    expect(await (await item.intoService().request("/shop/lamp")).text()).toBe("lamp");
  });

  it("leaves no resource behind for an addition under a path that is refused", async () => {
    const root = new Resource("/").addSubresource(handled("/{id}", "wildcard"));
    const before = root.toString();
    expect(() => root.addSubresourceUnder("/new/deep", new Resource("/x/y"))).toThrow(/does not begin/);
    expect(root.toString()).toBe(before);
    root.subresource("/kept");
    expect(() => root.addSubresourceUnder("/kept/deep", new Resource("/x/y"))).toThrow(/does not begin/);
    expect(root.subresource("/kept").describe().children).toEqual([]);
    expect(() => root.addSubresourceUnder("/kept !*", new Resource("/x/y"))).toThrow(/does not begin/);
    expect(root.subresource("/kept").path).toBe("/kept");
    expect(await (await root.intoService().request("/new")).text()).toBe("wildcard");
  });

  it("cannot change a tree that serves through its router", () => {
    const root = new Resource("/");
    const router = new Router().addResource(root);
    root.intoService();
    const frozen = expect.objectContaining({ code: "ARGANIA_FROZEN_TREE" });
    expect(() => router.addResource(new Resource("/late"))).toThrow(frozen);
    expect(() => router.addResource(new Resource("/").addSubresource(new Resource("/late")))).toThrow(frozen);
    expect(() => router.addResourceUnder("/a", new Resource("/late"))).toThrow(frozen);
  });

  it("gives a root one place only", () => {
    const twice = expect.objectContaining({ code: "ARGANIA_ALREADY_IN_TREE" });
    const root = new Resource("/");
    const router = new Router().addResource(root);
    expect(() => new Host("x.com", root)).toThrow(twice);
    expect(() => router.addResource(root)).toThrow(twice);
    expect(() => new Router().addResource(root)).toThrow(twice);
    const host = new Host("y.com", new Resource("/"));
    router.addHost(host);
    expect(() => router.addHost(host)).toThrow(twice);
  });

  it("keeps pattern options in a merge", () => {
    const root = new Resource("/").addSubresource(handled("/a"));
    root.addSubresource(new Resource("/a", { allowUnsafeRegex: true }));
    expect(() => root.subresource("/a").subresource("/{x:(a+)+}")).not.toThrow();
  });

  it("reports a router's bad layer together with the trees' problems", () => {
    const router = new Router().addLayerTo(_requestPasser((() => 7) as unknown as Layer));
    router.addResource(new Resource("/a").addLayerTo(_methodHandler("GET", identity)));
    let error: InvalidTreeError | undefined;
    try {
      router.intoService();
    } catch (caught) {
      error = caught as InvalidTreeError;
    }
    expect(error?.errors.map(({ code }) => code)).toEqual([
      "ARGANIA_MISSING_METHOD_HANDLER",
      "ARGANIA_INVALID_LAYER",
    ]);
  });

  it("describes methods by any name", () => {
    const resource = new Resource("/a").setHandlerFor(
      _method("constructor").to(() => null),
      _method("toString")
        .wrappedIn(identity)
        .to(() => null),
    );
    expect(listRoutes(resource).map(({ method, layers }) => [method, ...layers])).toEqual([
      ["constructor"],
      ["toString", "identity"],
    ]);
  });

  it("of a deep chain of captures, bottom up, takes no more than linear work for each addition", () => {
    let chain: AnyResource = new Resource("/{last}");
    for (let depth = 0; depth < 300; depth++) {
      chain = new Resource(`/{p${depth}}`).addSubresource(chain);
    }
    expect(chain.intoService()).toBeDefined();
  });
});

describe("mistargeted requests", () => {
  it("are passed on outwards by layers without a handler, which do not shadow a subtree handler", async () => {
    const seen: string[] = [];
    const note = around((context, next) => {
      seen.push(context.path);
      return next();
    });
    const root = new Resource("/ *").setHandlerFor(_get.to(({ subtreePath }) => `spa ${subtreePath}`));
    root.subresource("/api").addLayerTo(_mistargetedRequestHandler(note));
    expect(await (await root.intoService().request("/api/x")).text()).toBe("spa /api/x");
    expect(seen).toEqual(["/api/x"]);
  });

  it("are answered with the options of their handler", async () => {
    const size = new PropertyKind("size", 1);
    const root = new Resource("/").setHandlerFor(
      _mistargetedRequest.to((context) => json(context.property(size))).withProperty(size.to(2)),
    );
    expect(await (await root.intoService().request("/x")).json()).toBe(2);
  });
});

describe("a redirect to a prefix", () => {
  it("keeps a query with a backslash", async () => {
    const root = new Resource("/ *").addLayerTo(_requestReceiver(RedirectionLayer.permanentToPrefix("/v2")));
    const response = await root.intoService().request("/a?b=\\c");
    expect([response.status, response.headers.get("location")]).toEqual([308, "/v2/a?b=%5Cc"]);
  });
});
