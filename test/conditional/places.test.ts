import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  _get,
  _methodHandler,
  _put,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  type Handler,
  json,
  jsonBody,
  type Layer,
  PreconditionFailedError,
  Resource,
  ResponseError,
  Router,
  respond,
  type Service,
} from "argania";
import { ConditionalRequestsLayer } from "argania/middleware";
import { afterEach, describe, expect, test } from "vitest";

const layerOf = (isLater: boolean, seen: string[] = []) =>
  new ConditionalRequestsLayer({
    validators: ({ path }) => {
      seen.push(path);
      return isLater ? Promise.resolve({ etag: '"1"' }) : { etag: '"1"' };
    },
    required: true,
  });

function tree(fill: (a: Resource, root: Resource) => void, layers: Layer): Service {
  const root = new Resource("/");
  fill(root.subresource("/a") as unknown as Resource, root);
  const router = new Router();
  router.addResource(root);
  router.addLayerTo(_requestPasser(layers));
  return router.intoService();
}

const noLayer: Layer = (handler) => handler;
const places: Record<string, (layer: Layer, handler: Handler) => Service> = {
  handler: (layer, handler) =>
    tree((a) => {
      a.setHandlerFor([_get.wrappedIn(layer).to(handler), _put.wrappedIn(layer).to(handler)]);
    }, noLayer),
  "method handler": (layer, handler) =>
    tree((a) => {
      a.setHandlerFor([_get.to(handler), _put.to(handler)]);
      a.addLayerTo(_methodHandler(["GET", "PUT"], layer));
    }, noLayer),
  "request handler": (layer, handler) =>
    tree((a) => {
      a.setHandlerFor([_get.to(handler), _put.to(handler)]);
      a.addLayerTo(_requestHandler(layer));
    }, noLayer),
  receiver: (layer, handler) =>
    tree((a) => {
      a.setHandlerFor([_get.to(handler), _put.to(handler)]);
      a.addLayerTo(_requestReceiver(layer));
    }, noLayer),
  passer: (layer, handler) =>
    tree((a, root) => {
      a.setHandlerFor([_get.to(handler), _put.to(handler)]);
      root.addLayerTo(_requestPasser(layer));
    }, noLayer),
  router: (layer, handler) =>
    tree((a) => {
      a.setHandlerFor([_get.to(handler), _put.to(handler)]);
    }, layer),
};

describe.each(Object.entries(places))("on the %s", (_, place) => {
  test.each([
    ["at once", false],
    ["later", true],
  ])("what there is now is known before the handler runs, %s", async (_when, isLater) => {
    let handled = 0;
    const service = place(layerOf(isLater), () => {
      handled++;
      return "done";
    });
    const ask = async (method: string, headers = {}) =>
      (await service.request("/a", { method, headers })).status;
    expect(await ask("PUT", { "if-match": '"0"' })).toBe(412);
    expect(await ask("PUT")).toBe(428);
    expect(await ask("GET", { "if-none-match": '"1"' })).toBe(304);
    expect(await ask("HEAD", { "if-none-match": '"1"' })).toBe(304);
    expect(await ask("GET", { "if-match": '"0"' })).toBe(412);
    expect(handled).toBe(0);
    expect(await ask("PUT", { "if-match": '"1"' })).toBe(200);
    expect((await service.request("/a")).headers.get("etag")).toBe('"1"');
    expect(handled).toBe(2);
  });

  test("errors, refusals and streams go through", async () => {
    async function* stream() {
      yield "streamed";
    }
    const answers = [() => Promise.reject(new ResponseError(409)), () => respond(204), () => stream()];
    const service = place(layerOf(false), () => (answers.shift() as () => never)());
    const put = { method: "PUT", headers: { "if-match": '"1"' } };
    expect((await service.request("/a", put)).status).toBe(409);
    expect((await service.request("/a", put)).status).toBe(204);
    const response = await service.request("/a");
    expect([response.headers.get("etag"), await response.text()]).toEqual(['"1"', "streamed"]);
  });
});

test("a handler that answers at once is answered at once", () => {
  const fetch = (layer: Layer) =>
    places.handler?.(layer, () => "x").fetch(new Request("http://localhost/a", { method: "GET" }));
  expect(fetch(layerOf(false))).not.toBeInstanceOf(Promise);
  expect(fetch(layerOf(true))).toBeInstanceOf(Promise);
});

test("inside of a guard, who may not see a resource does not learn its version", async () => {
  const seen: string[] = [];
  const guard = around((context, next) => {
    if (context.header("authorization") === undefined) {
      throw new ResponseError(401);
    }
    return next();
  });
  const root = new Resource("/");
  root.addLayerTo(_requestHandler([guard, layerOf(false, seen)]));
  const service = root.setHandlerFor([_get.to(() => "x"), _put.to(() => 204)]).intoService();
  for (const init of [
    { headers: { "if-none-match": '"1"' } },
    { method: "PUT", headers: { "if-match": '"0"' } },
  ]) {
    expect((await service.request("/", init)).status).toBe(401);
  }
  expect(seen).toEqual([]);
});

describe("over a socket", () => {
  let close = (): void => {};
  afterEach(() => close());

  test("of two who change the same version, one is told so, and a refused body leaves the connection usable", async () => {
    const page = { version: 1, text: "first" };
    const validators = async () => ({ etag: `"${page.version}"`, headers: { "cache-control": "no-cache" } });
    const root = new Resource("/");
    root.addLayerTo(_requestHandler(new ConditionalRequestsLayer({ validators, required: true })));
    root.setHandlerFor([
      _get.to(() => json(page.text)),
      _put.to([jsonBody], (text, context) => {
        // Both have passed the layer by now: whoever writes compares once more.
        if (context.header("if-match") !== `"${page.version}"`) {
          throw new PreconditionFailedError();
        }
        page.text = String(text);
        page.version++;
        return 204;
      }),
    ]);
    const server = createServer(root.intoService().nodeListener).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    close = () => server.close() && server.closeAllConnections();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const put = (etag: string, text: string) =>
      fetch(url, {
        method: "PUT",
        headers: { "if-match": etag, "content-type": "application/json" },
        body: JSON.stringify(text),
      });

    const first = await fetch(url);
    expect([await first.json(), first.headers.get("etag")]).toEqual(["first", '"1"']);
    const both = await Promise.all([put('"1"', "a"), put('"1"', "b")]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 412]);
    expect((await put('"1"', "x".repeat(500_000))).status).toBe(412);
    expect((await fetch(url, { method: "PUT", body: "1" })).status).toBe(428);
    const again = await fetch(url, { headers: { "if-none-match": '"2"' } });
    expect([again.status, again.headers.get("cache-control"), again.headers.get("date")]).toEqual([
      304,
      "no-cache",
      expect.stringMatching(/GMT$/),
    ]);
    expect(page.version).toBe(2);
  });
});
