import {
  _get,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _post,
  _requestHandler,
  _wildcardMethod,
  _wildcardMethodHandler,
  around,
  json,
  Resource,
  StatusCode,
} from "argania";
import { describe, expect, it } from "vitest";

const name = (text: string) => _get.to((context) => json([text, context.subtreePath, context.params]));

async function ask(
  root: { intoService(): import("argania").Service },
  path: string,
  method = "GET",
): Promise<unknown> {
  const response = await root.intoService().request(path, { method });
  return response.status === 200 ? response.json() : response.status;
}

describe("mistargeted requests", () => {
  it("are answered by the nearest subtree handler on the path", async () => {
    const build = () => {
      const root = new Resource("/ *").setHandlerFor(name("root"));
      root.subresource("/a/{b} *").setHandlerFor(name("b"));
      root.subresource("/a/{b}/c").setHandlerFor(name("c"));
      return root;
    };
    expect(await ask(build(), "/a/1/c/d/e")).toEqual(["b", "/c/d/e", { b: "1" }]);
    expect(await ask(build(), "/a")).toEqual(["root", "/a", {}]);
    expect(await ask(build(), "/x/y")).toEqual(["root", "/x/y", {}]);
  });

  it("give the subtree handler only the params captured up to itself", async () => {
    const root = new Resource("/{a} *").setHandlerFor(name("a"));
    root.subresource("/{b:\\d+}/{c}/d");
    expect(await ask(root, "/1/2/3/4")).toEqual(["a", "/2/3/4", { a: "1" }]);
  });

  it("are answered by a custom handler where it is nearer than a subtree handler, and not where it is farther", async () => {
    const tree = () => {
      const root = new Resource("/").setHandlerFor(_mistargetedRequest.to(() => json("root's")));
      root.subresource("/spa *").setHandlerFor(name("spa"));
      root.subresource("/spa/deep").setHandlerFor(_mistargetedRequest.to(() => json("deep's")));
      return root;
    };
    expect(await ask(tree(), "/spa/x")).toEqual(["spa", "/x", {}]);
    expect(await ask(tree(), "/spa/deep/x")).toBe("deep's");
    expect(await ask(tree(), "/spa/deep")).toBe("deep's");
    expect(await ask(tree(), "/x")).toBe("root's");
  });

  it("go through the layers of the answering resource's request handler", async () => {
    const root = new Resource("/ *").setHandlerFor(name("root"));
    root.addLayerTo(_requestHandler(around(() => json("layered"))));
    expect(await ask(root, "/x")).toBe("layered");
  });

  it("get a 405 of a subtree handler that lacks the method", async () => {
    const root = new Resource("/ *").setHandlerFor(name("root"));
    expect(await ask(root, "/x", "POST")).toBe(405);
  });

  it("pass a subtree handler whose other methods are mistargeted", async () => {
    const root = new Resource("/ *").setHandlerFor(
      name("root"),
      _wildcardMethod.to(() => json("root's wildcard")),
    );
    root.subresource("/a *").setHandlerFor(name("a"), _wildcardMethod.to(null));
    expect(await ask(root, "/a/x", "POST")).toBe("root's wildcard");
  });

  it("end with 404 when nobody takes the other methods", async () => {
    const root = new Resource("/a *").setHandlerFor(name("a"), _wildcardMethod.to(null));
    expect(await ask(root, "/a/x", "POST")).toBe(404);
  });

  it.each(["GET", "POST"])(
    "are still in the layers for other methods where these are mistargeted: %s",
    async (method) => {
      const passed: string[] = [];
      const named = (layer: string) =>
        around((_, next) => {
          passed.push(layer);
          return next();
        });
      const root = new Resource("/ *").setHandlerFor(_wildcardMethod.to(() => json("root's")));
      const a = root
        .subresource("/a")
        .setHandlerFor(_wildcardMethod.to(null).wrappedIn(named("own")), name("a"));
      a.addLayerTo(_wildcardMethodHandler(named("resource's")));
      const isOther = method === "POST";
      expect(await ask(root, "/a", method)).toEqual(isOther ? "root's" : ["a", "", {}]);
      expect(passed).toEqual(isOther ? ["resource's", "own"] : []);
    },
  );

  it("can be refused by a guard of the other methods", async () => {
    const root = new Resource("/ *").setHandlerFor(_wildcardMethod.to(() => json("root's")));
    const a = root.subresource("/a").setHandlerFor(_wildcardMethod.to(null), name("a"));
    a.addLayerTo(_wildcardMethodHandler(around(() => StatusCode.FORBIDDEN)));
    expect(await ask(root, "/a", "POST")).toBe(403);
  });

  it("come of a method without handler at the resource itself, too", async () => {
    const root = new Resource("/");
    root
      .subresource("/a")
      .setHandlerFor([
        _post.to(() => json("post")),
        _wildcardMethod.to(null),
        _mistargetedRequest.to(() => json("own")),
      ]);
    expect(await ask(root, "/a")).toBe("own");
  });

  it("come of a dropped slash, which the resource's own subtree handler does not answer", async () => {
    const build = () => {
      const root = new Resource("/ *").setHandlerFor(name("root"));
      root.subresource("/a !*").setHandlerFor(name("a"));
      return root;
    };
    expect(await ask(build(), "/a/")).toEqual(["root", "/a/", {}]);
  });

  it("reach no handler through an empty segment", async () => {
    const root = new Resource("/");
    root.subresource("/{a}/{b}").setHandlerFor(name("b"));
    expect(await ask(root, "//b")).toBe(404);
    const again = new Resource("/");
    again.subresource("/{a}/{b}").setHandlerFor(name("b"));
    expect(await ask(again, "/a//")).toBe(404);
  });

  it("can be layered without a handler of one's own", async () => {
    const root = new Resource("/");
    root.addLayerTo(_mistargetedRequestHandler(around(() => json("instead"))));
    expect(await ask(root, "/x")).toBe("instead");
  });

  it("are 404 where only a null handler stands", async () => {
    const root = new Resource("/").setHandlerFor(_mistargetedRequest.to(null));
    expect(await ask(root, "/x")).toBe(404);
  });
});
