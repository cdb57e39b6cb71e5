import {
  _get,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  Host,
  Resource,
  Router,
  type Service,
} from "argania";
import { cookieKey } from "argania/cookies";
import { defineSession, SessionLayer } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { CookieClient, KEY } from "./cookie-client.ts";

const session = defineSession<{ visits: number }>();
const layer = new SessionLayer(session);

const count = _get.to([session], (current) => {
  const visits = (current.get("visits") ?? 0) + 1;
  current.set("visits", visits);
  return `visit ${visits}`;
});

function tree(add: (root: Resource, item: Resource) => void): Service {
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  const item = root.subresource("/item") as unknown as Resource;
  item.setHandlerFor(count);
  add(root as unknown as Resource, item);
  return root.intoService();
}

function routed(): Service {
  const root = new Resource("/");
  root.subresource("/item").setHandlerFor(count);
  const router = new Router().addHost(new Host("example.com", root));
  router.setProperty(cookieKey.to(KEY));
  router.addLayerTo(_requestPasser(layer));
  return router.intoService();
}

describe("the layer works", () => {
  it.each<[string, Service, string]>([
    ["a receiver", tree((root) => root.addLayerTo(_requestReceiver(layer))), "/item"],
    ["a passer", tree((root) => root.addLayerTo(_requestPasser(layer))), "/item"],
    ["a request handler", tree((_, item) => item.addLayerTo(_requestHandler(layer))), "/item"],
    ["a method handler", tree((_, item) => item.addLayerTo(_methodHandler("GET", layer))), "/item"],
    [
      "a handler of mistargeted requests",
      tree((root) => {
        root.setHandlerFor(
          _mistargetedRequest.to([session], (current) => {
            const visits = (current.get("visits") ?? 0) + 1;
            current.set("visits", visits);
            return `visit ${visits}`;
          }),
        );
        root.addLayerTo(_mistargetedRequestHandler(layer));
      }),
      "/nowhere",
    ],
    ["a router", routed(), "/item"],
    [
      "several of them at once",
      tree((root, item) => {
        root.addLayerTo(_requestReceiver([layer, layer]));
        item.addLayerTo(_requestHandler(new SessionLayer(session)));
      }),
      "/item",
    ],
  ])("on %s", async (_, service, path) => {
    const client = new CookieClient(service);
    expect((await client.ask(path)).headers.getSetCookie()).toHaveLength(1);
    expect(await client.text(path)).toBe("visit 2");
    if (path === "/nowhere") {
      return;
    }
    const other = await client.ask("/");
    expect([other.status, other.headers.getSetCookie()]).toEqual([404, []]);
  });

  it("where a layer outside calls next() twice, with what was there last", async () => {
    const twice = around(async (_, next) => {
      await next();
      return next();
    });
    const client = new CookieClient(tree((root) => root.addLayerTo(_requestReceiver([twice, layer]))));
    const response = await client.ask("/item");
    expect(await response.text()).toBe("visit 2");
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(await client.text("/item")).toBe("visit 4");
  });

  it("for HEAD as for GET", async () => {
    const client = new CookieClient(tree((root) => root.addLayerTo(_requestReceiver(layer))));
    expect((await client.ask("/item", { method: "HEAD" })).headers.getSetCookie()).toHaveLength(1);
    expect(await client.text("/item")).toBe("visit 2");
  });

  it("for layers inside of it, through of(context)", async () => {
    const guard = around((context, next) => {
      session.of(context).set("visits", 10);
      return next();
    });
    const client = new CookieClient(tree((root) => root.addLayerTo(_requestReceiver([layer, guard]))));
    expect(await client.text("/item")).toBe("visit 11");
  });

  it("and a handler that stays synchronous stays so", () => {
    const service = tree((root) => root.addLayerTo(_requestReceiver(layer)));
    expect(service.fetch(new Request("http://example.com/item"))).toBeInstanceOf(Response);
  });
});

it("a handler outside of the layer is told what to do", async () => {
  const errors: unknown[] = [];
  const root = new Resource("/").setProperty(cookieKey.to(KEY)).setHandlerFor(count);
  const logger = { error: ({ err }: { err: unknown }) => errors.push(err) };
  expect((await root.intoService({ logger }).request("/")).status).toBe(500);
  expect(errors).toMatchObject([{ message: expect.stringContaining("add new SessionLayer(session)") }]);
});
