import {
  _get,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  type Extractor,
  Host,
  type Layer,
  Resource,
  Router,
  type Service,
} from "argania";
import { JwtAuthLayer } from "argania/jwt";
import { BasicAuthLayer, BearerAuthLayer } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER, SECRET, sign } from "./issuer.ts";

type AuthLayer = Layer & { readonly principal: Extractor<unknown, object> };

const TOKEN = "a-token-of-tests-0123456789";
const LAYERS: readonly [string, AuthLayer, () => Promise<string> | string][] = [
  ["BearerAuthLayer", new BearerAuthLayer({ tokens: { [TOKEN]: "ci" } }), () => `Bearer ${TOKEN}`],
  ["BasicAuthLayer", new BasicAuthLayer({ users: { ada: "x" } }), () => `Basic ${btoa("ada:x")}`],
  [
    "JwtAuthLayer",
    new JwtAuthLayer({ key: SECRET, algorithms: ["HS256"], issuer: ISSUER, audience: AUDIENCE }),
    async () => `Bearer ${await sign()}`,
  ],
];

function tree(layer: AuthLayer, add: (root: Resource, item: Resource) => void): Service {
  const root = new Resource("/");
  const item = root.subresource("/item") as unknown as Resource;
  item.setHandlerFor(_get.to([layer.principal], () => "inside"));
  add(root as unknown as Resource, item);
  return root.intoService();
}

function routed(layer: AuthLayer): Service {
  const root = new Resource("/");
  root.subresource("/item").setHandlerFor(_get.to([layer.principal], () => "inside"));
  const router = new Router().addHost(new Host("example.com", root));
  router.addLayerTo(_requestPasser(layer));
  return router.intoService();
}

const PLACES: readonly [string, (layer: AuthLayer) => Service, string][] = [
  ["receiver", (layer) => tree(layer, (root) => root.addLayerTo(_requestReceiver(layer))), "/item"],
  ["passer", (layer) => tree(layer, (root) => root.addLayerTo(_requestPasser(layer))), "/item"],
  ["request handler", (layer) => tree(layer, (_, item) => item.addLayerTo(_requestHandler(layer))), "/item"],
  [
    "method handler",
    (layer) => tree(layer, (_, item) => item.addLayerTo(_methodHandler("GET", layer))),
    "/item",
  ],
  [
    "handler of mistargeted requests",
    (layer) =>
      tree(layer, (root) => {
        root.setHandlerFor(_mistargetedRequest.to([layer.principal], () => "inside"));
        root.addLayerTo(_mistargetedRequestHandler(layer));
      }),
    "/nowhere",
  ],
  ["router", routed, "/item"],
];

describe.each(LAYERS)("%s", (_, layer, credentials) => {
  it.each(PLACES)("on a %s", async (_place, service, path) => {
    const ask = async (headers: Record<string, string>, method = "GET") => {
      const response = await service(layer).request(`http://example.com${path}`, { headers, method });
      return [response.status, await response.text(), response.headers.has("www-authenticate")] as const;
    };
    const [status, , hasChallenge] = await ask({});
    expect([status, hasChallenge]).toEqual([401, true]);
    expect(await ask({}, "HEAD")).toEqual([401, "", true]);
    const authorization = await credentials();
    expect(await ask({ authorization })).toEqual([200, "inside", false]);
    expect(await ask({ authorization }, "HEAD")).toEqual([200, "", false]);
  });
});

it("layers with synchronous checks stay synchronous", () => {
  for (const [, layer, credentials] of LAYERS.slice(0, 2)) {
    const service = tree(layer, (root) => root.addLayerTo(_requestReceiver(layer)));
    const headers = { authorization: credentials() as string };
    expect(service.fetch(new Request("http://example.com/item", { headers }))).toBeInstanceOf(Response);
    expect(service.fetch(new Request("http://example.com/item"))).toBeInstanceOf(Response);
  }
});

it("two optional layers share a principal: whoever comes with either is let in", async () => {
  const bearer = new BearerAuthLayer({ tokens: { [TOKEN]: "ci" }, optional: true });
  const basic = new BasicAuthLayer<string>({
    users: { ada: "x" },
    optional: true,
    principalKey: bearer.principalKey,
  });
  const service = tree(basic, (root) => root.addLayerTo(_requestReceiver([bearer, basic])));
  const ask = async (headers: Record<string, string>) => (await service.request("/item", { headers })).status;
  expect(await ask({ authorization: `Bearer ${TOKEN}` })).toBe(200);
  expect(await ask({ authorization: `Basic ${btoa("ada:x")}` })).toBe(200);
  expect(await ask({ authorization: `Basic ${btoa("ada:y")}` })).toBe(401);
  expect(await ask({})).toBe(401);
});
