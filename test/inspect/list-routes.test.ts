import {
  _get,
  _methodHandler,
  _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  _wildcardMethod,
  around,
  Host,
  listRoutes,
  Resource,
  Router,
} from "argania";
import { expect, it } from "vitest";

const layer = (name: string) =>
  around(
    Object.defineProperty((_: unknown, next: () => unknown) => next() as string, "name", { value: name }),
  );

it("lists every route with the layers that its requests pass", () => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "x"));
  root.addLayerTo(_requestReceiver(layer("receiver")), _requestPasser(layer("passer")));
  const leaf = root.subresource("/a/{b}/ *").setHandlerFor(
    _get.to(() => "x").wrappedIn(layer("own")),
    _post.to(() => "x"),
    _wildcardMethod.to(() => "x"),
  );
  leaf.addLayerTo(_requestHandler(layer("handler")), _methodHandler("GET", layer("method")));
  const router = new Router()
    .addHost(new Host("example.com", root))
    .addLayerTo(_requestPasser(layer("router")));
  const way = ["router", "receiver", "passer", "handler"];
  const expected = [
    { method: "GET", pattern: "http://example.com/", layers: ["router", "receiver"] },
    { method: "GET", pattern: "http://example.com/a/{b}/ *", layers: [...way, "method", "own"] },
    { method: "POST", pattern: "http://example.com/a/{b}/ *", layers: way },
    { method: "*", pattern: "http://example.com/a/{b}/ *", layers: way },
  ];
  expect(listRoutes(router)).toEqual(expected);
  expect(listRoutes(router.intoService())).toEqual(expected);
});
