import {
  _get,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _requestPasser,
  _requestReceiver,
  _wildcardMethod,
  around,
  Host,
  Resource,
  Router,
} from "argania";
import { describe, expect, it } from "vitest";

/** What the outermost layer sees of the pattern, before and after. */
function watched(build: (root: Resource) => void) {
  const seen: (string | undefined)[] = [];
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver(
      around(async (context, next) => {
        seen.push(context.routePattern);
        try {
          return await next();
        } finally {
          seen.push(context.routePattern);
        }
      }),
    ),
  );
  build(root as Resource);
  const service = root.intoService();
  return async (path: string, method = "GET") => {
    seen.length = 0;
    await service.request(path, { method });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
    return seen[0];
  };
}

describe("context.routePattern", () => {
  it("is that of the resource that answers", async () => {
    const pattern = watched((root) => {
      root.setHandlerFor(_get.to(() => "root"));
      root.subresource("/users/{id:\\d+}/posts/{post}").setHandlerFor(_get.to(() => "post"));
      root.subresource("/a/b/").setHandlerFor(_get.to(() => "slash"));
      root.subresource("/either ?").setHandlerFor(_get.to(() => "either"));
      root.subresource("/files *").setHandlerFor(_get.to(() => "files"));
    });
    expect(await pattern("/")).toBe("/");
    expect(await pattern("/users/7/posts/x?y=1")).toBe("/users/{id:\\d+}/posts/{post}");
    expect(await pattern("/%75sers/7/posts/%C3%A4")).toBe("/users/{id:\\d+}/posts/{post}");
    expect(await pattern("/a/b/")).toBe("/a/b/");
    expect(await pattern("/a/b")).toBe("/a/b/");
    expect(await pattern("/either/")).toBe("/either");
    expect(await pattern("/files")).toBe("/files");
    expect(await pattern("/files/x/y")).toBe("/files");
    expect(await pattern("/users/7/posts/x", "DELETE")).toBe("/users/{id:\\d+}/posts/{post}");
  });

  it("is undefined when none answers", async () => {
    const pattern = watched((root) => {
      root.subresource("/a/b").setHandlerFor(_get.to(() => "b"));
      root.subresource("/drop !").setHandlerFor(_get.to(() => "drop"));
      root.subresource("/only").setHandlerFor([_get.to(() => "only"), _wildcardMethod.to(null)]);
    });
    for (const path of ["/nowhere", "/a", "/a/b/c", "/a//b", "/drop/"]) {
      expect(await pattern(path)).toBeUndefined();
    }
    expect(await pattern("/only", "DELETE")).toBeUndefined();
    expect(await pattern("/only")).toBe("/only");
  });

  it("is that of the resource that answers mistargeted requests", async () => {
    const pattern = watched((root) => {
      const app = root.subresource("/app *");
      app.setHandlerFor(_get.to(() => "app"));
      app.subresource("/in/deep !").setHandlerFor([_get.to(() => "deep"), _wildcardMethod.to(null)]);
      const gets = root.subresource("/gets *");
      gets.setHandlerFor([_get.to(() => "gets"), _wildcardMethod.to(null)]);
      const shop = root.subresource("/shop");
      shop.setHandlerFor(_mistargetedRequest.to(() => "none"));
      shop.subresource("/cart").addLayerTo(_mistargetedRequestHandler(around((_, next) => next())));
      root.subresource("/bare").addLayerTo(_mistargetedRequestHandler(around((_, next) => next())));
    });
    expect(await pattern("/app/x")).toBe("/app");
    expect(await pattern("/app/in")).toBe("/app");
    expect(await pattern("/app/in/deep/")).toBe("/app");
    expect(await pattern("/app/in/deep", "PUT")).toBe("/app");
    expect(await pattern("/app/in/deep")).toBe("/app/in/deep");
    expect(await pattern("/gets/x")).toBe("/gets");
    expect(await pattern("/gets/x", "HEAD")).toBe("/gets");
    expect(await pattern("/gets/x", "PUT")).toBeUndefined();
    expect(await pattern("/shop/x")).toBe("/shop");
    expect(await pattern("/shop/cart/x")).toBe("/shop");
    expect(await pattern("/bare/x")).toBeUndefined();
  });

  it("is known to a router, without the host", async () => {
    const seen: (string | undefined)[] = [];
    const router = new Router();
    router.addLayerTo(
      _requestPasser(
        around((context, next) => {
          seen.push(context.routePattern);
          return next();
        }),
      ),
    );
    const tenant = new Resource("/");
    tenant.subresource("/x/{y}").setHandlerFor(_get.to(() => "y"));
    router.addHost(new Host("{tenant}.example.com", tenant));
    const { request } = router.intoService();
    await request("http://a.example.com/x/1");
    await request("http://example.net/x/1");
    expect(seen).toEqual(["/x/{y}", undefined]);
  });

  it("is there for a resource that is served at its own path", async () => {
    const resource = new Resource("/a/{b}");
    resource.setHandlerFor(_get.to((context) => context.routePattern));
    expect(await (await resource.intoService().request("/a/1")).text()).toBe("/a/{b}");
  });
});
