import {
  _get,
  _put,
  _requestHandler,
  _requestReceiver,
  around,
  Resource,
  ResponseError,
  type Service,
  stack,
} from "argania";
import { CorsLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";

const GOOD = "https://good.example";
const VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
const REFUSED = { status: 204, vary: VARY };

const guard = around(() => {
  throw new ResponseError(401);
});

function tree(): Resource {
  const root = new Resource("/");
  root.subresource("/item").setHandlerFor(
    _get.to(() => "item"),
    _put.to(() => "put"),
  );
  return root;
}

async function preflight(service: Service, path: string, origin = GOOD): Promise<Record<string, unknown>> {
  const headers = { origin, "access-control-request-method": "PUT" };
  const response = await service.request(path, { method: "OPTIONS", headers });
  return { ...Object.fromEntries(response.headers), status: response.status };
}

describe("of several layers", () => {
  const outer = () => new CorsLayer({ origins: "*", maxAge: 5, exposedHeaders: ["X-Outer"] });
  const inner = () => new CorsLayer({ origins: GOOD, credentials: true, exposedHeaders: ["X-Inner"] });
  const nested = (...layers: Parameters<typeof _requestReceiver>[0][]) => {
    const root = tree();
    root.addLayerTo(_requestReceiver([outer(), around((_, next) => next())]));
    for (const layer of layers) {
      root.subresource("/inner").addLayerTo(_requestReceiver(layer));
    }
    root.subresource("/inner/x").setHandlerFor(_get.to(() => "x"));
    return root.intoService();
  };
  const INNER = {
    "access-control-allow-origin": GOOD,
    "access-control-allow-credentials": "true",
    vary: "Origin",
  };

  test.each([
    ["alone", inner()],
    [
      "in a stack",
      stack(
        inner(),
        around((_, next) => next()),
      ),
    ],
  ])("the innermost one answers preflights, %s", async (_, layer) => {
    const service = nested(layer);
    expect(await preflight(service, "/inner/x")).toMatchObject({ ...INNER, vary: VARY });
    expect(await preflight(service, "/inner/x", "https://a.example")).toEqual(REFUSED);
    expect(await preflight(service, "/inner/none")).toMatchObject({ ...INNER, vary: VARY });
    expect(await preflight(service, "/item")).toMatchObject({ "access-control-allow-origin": "*" });
  });

  test("and decides on responses, each header once", async () => {
    const ask = (origin: string) => nested(inner()).request("/inner/x", { headers: { origin } });
    expect(Object.fromEntries((await ask(GOOD)).headers)).toMatchObject({
      ...INNER,
      "access-control-expose-headers": "X-Inner",
    });
    const refused = await ask("https://a.example");
    expect(refused.headers.has("access-control-allow-origin")).toBe(false);
    expect(refused.headers.has("access-control-expose-headers")).toBe(false);
  });

  test("also on errors that are thrown before it is reached", async () => {
    const response = await nested([guard, inner()]).request("/inner/x", { headers: { origin: GOOD } });
    expect(response.status).toBe(401);
    expect(Object.fromEntries(response.headers)).toMatchObject({ ...INNER, vary: "Accept, Origin" });
  });

  test("one around a handler decides on what it answers", async () => {
    const root = tree().addLayerTo(_requestReceiver(outer()));
    root
      .subresource("/inner")
      .setHandlerFor(_get.to(() => "x"))
      .addLayerTo(_requestHandler(inner()));
    const response = await root.intoService().request("/inner", { headers: { origin: GOOD } });
    expect(Object.fromEntries(response.headers)).toMatchObject(INNER);
  });

  test.each([
    ["in a list", [outer(), inner()]],
    ["in a stack", stack(outer(), inner())],
    ["in two", [stack(outer(), inner()), around((_, next) => next())]],
  ])("around one receiver the inner one answers preflights and errors, %s", async (_, layers) => {
    const service = tree().addLayerTo(_requestReceiver(layers)).intoService();
    expect(await preflight(service, "/item")).toMatchObject({ ...INNER, vary: VARY });
    expect(await preflight(service, "/item", "https://a.example")).toEqual(REFUSED);
    const guarded = tree().addLayerTo(_requestReceiver([outer(), guard, inner()]));
    const refused = await guarded.intoService().request("/", { headers: { origin: "https://a.example" } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, null]);
  });

  test.each([
    ["with one further out", true],
    ["alone", false],
  ])("one around a handler decides where it answers for what is below it, %s", async (_, hasOuter) => {
    const root = tree();
    if (hasOuter) {
      root.addLayerTo(_requestReceiver(new CorsLayer({ origins: "https://root.example" })));
    }
    const app = root.subresource("/app *").setHandlerFor(_get.to(() => "secret"));
    app.addLayerTo(_requestHandler([inner(), around((_, next) => next())]));
    app.subresource("/open").addLayerTo(_requestReceiver(outer()));
    const service = root.intoService();
    const ask = async (origin: string) => {
      const response = await service.request("/app/open/x", { headers: { origin } });
      return [await response.text(), response.headers.get("access-control-allow-origin")];
    };
    expect(await ask("https://a.example")).toEqual(["secret", null]);
    expect(await ask(GOOD)).toEqual(["secret", GOOD]);
  });

  test("one around a handler decides inside of one around its own receiver", async () => {
    const root = tree().addLayerTo([_requestReceiver(outer()), _requestHandler(inner())]);
    root.setHandlerFor(_get.to(() => "x"));
    const response = await root.intoService().request("/", { headers: { origin: "https://a.example" } });
    expect(response.headers.get("access-control-allow-origin")).toBe(null);
  });
});
