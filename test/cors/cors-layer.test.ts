import {
  _get,
  _methodHandler,
  _mistargetedRequestHandler,
  _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  html,
  LightResponse,
  Resource,
  ResponseError,
  Router,
  respond,
  type Service,
} from "argania";
import { CorsLayer, type CorsOptions } from "argania/middleware";
import { describe, expect, test } from "vitest";

const GOOD = "https://good.example";
const EVIL = "https://evil.example";

const failing = (error: unknown) =>
  around(() => {
    throw error;
  });

function site(options: CorsOptions = { origins: GOOD, credentials: true }): Service {
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root.addLayerTo(_requestReceiver(new CorsLayer(options)));
  root.subresource("/later").setHandlerFor(_get.to(async () => ({ later: true })));
  root.subresource("/stream").setHandlerFor(
    _get.to(async function* () {
      yield "a";
    }),
  );
  root.subresource("/web").setHandlerFor(_get.to(() => new Response("web")));
  root.subresource("/empty").setHandlerFor(_get.to(() => 204));
  root.subresource("/same").setHandlerFor(_get.to(() => new LightResponse(null, { status: 304 })));
  root.subresource("/varied").setHandlerFor(_get.to(() => respond({ vary: "Accept, Origin" }, "x")));
  root.subresource("/any").setHandlerFor(_get.to(() => respond({ vary: "*" }, "x")));
  root.subresource("/proxied").setHandlerFor(
    _get.to(() =>
      respond(
        {
          "access-control-allow-origin": "*",
          "access-control-allow-credentials": "true",
          "access-control-expose-headers": "x-theirs",
        },
        html("x"),
      ),
    ),
  );
  root.subresource("/guarded").addLayerTo(_requestReceiver(failing(new ResponseError(401))));
  root.subresource("/broken").setHandlerFor(
    _get.to(() => {
      throw new Error("secret");
    }),
  );
  return root.intoService({ logger: { error() {} } });
}

const corsHeaders = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));

const PATHS = [
  ["/", 200],
  ["/later", 200],
  ["/stream", 200],
  ["/web", 200],
  ["/empty", 204],
  ["/same", 304],
  ["/guarded", 401],
  ["/guarded/below", 401],
  ["/nowhere", 404],
  ["/later/", 308],
  ["/broken", 500],
] as const;

describe.each(PATHS)("%s: %i", (path, status) => {
  /** Errors are text or JSON, as the client accepts. */
  const before = status >= 400 ? "Accept, " : "";

  test("an allowed page may read it", async () => {
    const response = await site().request(path, { headers: { origin: GOOD } });
    expect(response.status).toBe(status);
    expect(corsHeaders(response)).toEqual({
      "access-control-allow-origin": GOOD,
      "access-control-allow-credentials": "true",
      vary: `${before}Origin`,
    });
    await response.body?.cancel();
  });

  test("another one may not, nor is there anything for what is no page", async () => {
    for (const headers of [{ origin: EVIL }, {}]) {
      const response = await site().request(path, { headers });
      expect(response.status).toBe(status);
      expect(corsHeaders(response)).toEqual({ vary: `${before}Origin` });
      await response.body?.cancel();
    }
  });

  test('every page may with "*", in the same words for all, so that caches may keep it', async () => {
    for (const headers of [{ origin: EVIL }, {}]) {
      const response = await site({ origins: "*" }).request(path, { headers });
      const vary = status >= 400 ? { vary: "Accept" } : {};
      expect(corsHeaders(response)).toEqual({ "access-control-allow-origin": "*", ...vary });
      await response.body?.cancel();
    }
  });
});

test("405 and HEAD have the headers, too", async () => {
  for (const method of ["DELETE", "HEAD", "OPTIONS"]) {
    const response = await site().request("/", { method, headers: { origin: GOOD } });
    expect(response.status).toBe(method === "HEAD" ? 200 : 405);
    expect(response.headers.get("access-control-allow-origin")).toBe(GOOD);
  }
});

describe("headers of handlers", () => {
  const ask = (path: string, origin: string) => site().request(path, { headers: { origin } });

  test("Vary is added to, unless it says so already", async () => {
    expect((await ask("/varied", GOOD)).headers.get("vary")).toBe("Accept, Origin");
    expect((await ask("/any", GOOD)).headers.get("vary")).toBe("*");
  });

  test("what is passed on from another server opens nothing, and is not there twice", async () => {
    expect(corsHeaders(await ask("/proxied", EVIL))).toEqual({
      "access-control-expose-headers": "x-theirs",
      vary: "Origin",
    });
    expect(corsHeaders(await ask("/proxied", GOOD))).toMatchObject({
      "access-control-allow-origin": GOOD,
      "access-control-allow-credentials": "true",
    });
    const open = await site({ origins: "*", exposedHeaders: ["X-Ours"] }).request("/proxied");
    expect(corsHeaders(open)).toEqual({
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "x-theirs, X-Ours",
    });
  });
});

test("exposed headers are told to those who may read", async () => {
  const service = site({ origins: GOOD, exposedHeaders: ["X-Total", "Link"] });
  const allowed = await service.request("/", { headers: { origin: GOOD } });
  expect(allowed.headers.get("access-control-expose-headers")).toBe("X-Total, Link");
  const refused = await service.request("/", { headers: { origin: EVIL } });
  expect(refused.headers.has("access-control-expose-headers")).toBe(false);
  const all = await site({ origins: GOOD, exposedHeaders: "*" }).request("/", { headers: { origin: GOOD } });
  expect(all.headers.get("access-control-expose-headers")).toBe("*");
  const none = await site({ origins: GOOD, exposedHeaders: [] }).request("/", { headers: { origin: GOOD } });
  expect(none.headers.has("access-control-expose-headers")).toBe(false);
});

describe("on every component", () => {
  const layer = () => new CorsLayer({ origins: GOOD });
  const tree = () => {
    const root = new Resource("/");
    const x = root.subresource("/x").setHandlerFor(
      _get.to(() => "x"),
      _post.wrappedIn(layer()).to(() => "posted"),
    );
    return { root, x };
  };
  const allowed = async (service: Service, method: string, path: string) => {
    const response = await service.request(path, { method, headers: { origin: GOOD } });
    return [response.status, response.headers.get("access-control-allow-origin")];
  };

  test("a passer, a request handler, a method's and a mistargeted one", async () => {
    const passer = tree();
    passer.root.addLayerTo(_requestPasser(layer()));
    expect(await allowed(passer.root.intoService(), "GET", "/x")).toEqual([200, GOOD]);
    const handler = tree();
    handler.x.addLayerTo(_requestHandler(layer()));
    expect(await allowed(handler.root.intoService(), "PUT", "/x")).toEqual([405, GOOD]);
    const method = tree();
    method.x.addLayerTo(_methodHandler("GET", layer()));
    const service = method.root.intoService();
    expect(await allowed(service, "GET", "/x")).toEqual([200, GOOD]);
    expect(await allowed(service, "POST", "/x")).toEqual([200, GOOD]);
    expect(await allowed(service, "PUT", "/x")).toEqual([405, null]);
    const mistargeted = tree();
    mistargeted.root.addLayerTo(_mistargetedRequestHandler(layer()));
    expect(await allowed(mistargeted.root.intoService(), "GET", "/y")).toEqual([404, GOOD]);
  });

  test("a router, also where no host is", async () => {
    const router = new Router().addLayerTo(_requestPasser(layer()));
    expect(await allowed(router.intoService(), "GET", "/x")).toEqual([404, GOOD]);
  });
});

describe("what is not computed", () => {
  test("a handler that returns at once is not made to promise anything", async () => {
    const results: unknown[] = [];
    const spy = around((_, next) => {
      const result = next();
      results.push(result);
      return result;
    });
    const root = new Resource("/").setHandlerFor(_get.to(() => "x"));
    root.addLayerTo(_requestReceiver([spy, new CorsLayer({ origins: (origin) => origin === GOOD })]));
    const service = root.intoService();
    await service.request("/", { headers: { origin: GOOD } });
    await service.request("/");
    expect(results.every((result) => result instanceof LightResponse)).toBe(true);
    expect(results).toHaveLength(2);
  });

  test("a layer inside may call next() twice", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => "x"));
    const twice = around((_, next) => {
      next();
      return next();
    });
    root.addLayerTo(_requestReceiver([twice, new CorsLayer({ origins: GOOD, exposedHeaders: ["X-A"] })]));
    const response = await root.intoService().request("/", { headers: { origin: GOOD } });
    expect(corsHeaders(response)).toEqual({
      "access-control-allow-origin": GOOD,
      "access-control-expose-headers": "X-A",
      vary: "Origin",
    });
  });

  test("a decision that fails is the answer, and the handler does not run", async () => {
    let runs = 0;
    for (const fail of [
      () => Promise.reject(new ResponseError(429)),
      () => {
        throw new ResponseError(429);
      },
    ]) {
      const root = new Resource("/").setHandlerFor(_get.to(() => `${runs++}`));
      root.addLayerTo(_requestReceiver(new CorsLayer({ origins: fail })));
      expect((await root.intoService().request("/", { headers: { origin: GOOD } })).status).toBe(429);
    }
    expect(runs).toBe(0);
  });
});
