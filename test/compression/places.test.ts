import {
  _get,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  Host,
  html,
  Resource,
  ResponseError,
  Router,
  type Service,
  text,
} from "argania";
import { CompressionLayer } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { ask, TEXT } from "./serving.ts";

const codingAt = async (service: Service, path: string) => (await ask(service, "gzip", { path })).coding;

describe("the layer on", () => {
  const build = (add: (root: Resource, layer: CompressionLayer) => unknown): Service => {
    const root = new Resource("/");
    root.setHandlerFor([_get.to(() => TEXT), _mistargetedRequest.to(() => text(TEXT, 404))]);
    root.subresource("/below").setHandlerFor(_get.to(async () => TEXT));
    add(root, new CompressionLayer());
    return root.intoService();
  };

  it.each([
    ["a receiver", (root, layer) => root.addLayerTo(_requestReceiver(layer)), ["gzip", "gzip", "gzip"]],
    ["a passer", (root, layer) => root.addLayerTo(_requestPasser(layer)), [null, "gzip", "gzip"]],
    ["a request handler", (root, layer) => root.addLayerTo(_requestHandler(layer)), ["gzip", null, null]],
    ["a method", (root, layer) => root.addLayerTo(_methodHandler("GET", layer)), ["gzip", null, null]],
    [
      "what is mistargeted",
      (root, layer) => root.addLayerTo(_mistargetedRequestHandler(layer)),
      [null, null, "gzip"],
    ],
  ] as [string, (root: Resource, layer: CompressionLayer) => unknown, unknown[]][])(
    "%s",
    async (_, add, expected) => {
      const service = build(add);
      const codings = [];
      for (const path of ["/", "/below", "/nowhere"]) {
        codings.push(await codingAt(service, path));
      }
      expect(codings).toEqual(expected);
    },
  );

  it("a router, for all of its hosts", async () => {
    const root = () => new Resource("/").setHandlerFor(_get.to(() => TEXT));
    const router = new Router().addHost(new Host("a.example", root())).addResource(root());
    router.addLayerTo(_requestPasser(new CompressionLayer()));
    const service = router.intoService();
    expect(await codingAt(service, "http://a.example/")).toBe("gzip");
    expect(await codingAt(service, "http://b.example/")).toBe("gzip");
    expect((await ask(service, "gzip", { path: "/nowhere" })).status).toBe(404);
  });

  it("two components compresses once", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => TEXT).wrappedIn(new CompressionLayer()));
    root.addLayerTo(_requestReceiver(new CompressionLayer()));
    expect((await ask(root.intoService(), "gzip")).text).toBe(TEXT);
  });

  it("a resource stays synchronous when its handler is, for what is small", () => {
    let result: unknown;
    const root = new Resource("/").setHandlerFor(_get.to(() => "a".repeat(2_000)));
    const look = around((_, next) => {
      result = next();
      return result as Response;
    });
    root.addLayerTo(_requestReceiver([look, new CompressionLayer()]));
    root.intoService().fetch(new Request("http://x/", { headers: { "accept-encoding": "gzip" } }));
    expect((result as Response).headers.get("content-encoding")).toBe("gzip");
  });
});

describe("inside of other layers", () => {
  it("may be called twice", async () => {
    const twice = around(async (_, next) => {
      await next();
      return next();
    });
    const root = new Resource("/").setHandlerFor(_get.to(() => TEXT));
    root.addLayerTo(_requestReceiver([twice, new CompressionLayer()]));
    expect((await ask(root.intoService(), "gzip")).text).toBe(TEXT);
  });

  it("lets errors pass, and compresses what an ErrorHandlerLayer makes of them", async () => {
    const root = new Resource("/").setHandlerFor(
      _get.to(() => {
        throw new ResponseError(409, TEXT);
      }),
    );
    const bare = new Resource("/").setHandlerFor(_get.to(() => Promise.reject(new ResponseError(409, TEXT))));
    bare.addLayerTo(_requestReceiver(new CompressionLayer()));
    root.addLayerTo(_requestReceiver([new CompressionLayer(), new ErrorHandlerLayer(() => html(TEXT, 409))]));
    const rendered = await ask(bare.intoService(), "gzip");
    const handled = await ask(root.intoService(), "gzip");
    expect([rendered.status, rendered.coding]).toEqual([409, null]);
    expect([handled.status, handled.coding]).toEqual([409, "gzip"]);
  });
});
