import {
  _get,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  Resource,
  ResponseError,
  Router,
  type ServiceOptions,
} from "argania";
import { RequestIdLayer, type RequestIdOptions, requestId, requestIdKey } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { sendRaw, withServer } from "../support/raw-http.ts";

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

function service(options?: RequestIdOptions, serviceOptions?: ServiceOptions) {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(new RequestIdLayer(options)));
  root.subresource("/id").setHandlerFor(_get.to((context) => requestId(context)));
  root
    .subresource("/later")
    .setHandlerFor(_get.to(async ({ extensions }) => extensions.getOrThrow(requestIdKey)));
  root.subresource("/broken").setHandlerFor(
    _get.to(() => {
      throw new Error("secret");
    }),
  );
  root.subresource("/teapot").setHandlerFor(
    _get.to(async () => {
      throw new ResponseError(418);
    }),
  );
  return root.intoService({ logger: { error() {} }, ...serviceOptions });
}

describe("RequestIdLayer", () => {
  it.each(["/id", "/later"])("gives handlers and clients a new id: %s", async (path) => {
    const response = await service().request(path);
    const id = await response.text();
    expect(id).toMatch(UUID);
    expect(response.headers.get("x-request-id")).toBe(id);
  });

  it.each(["/broken", "/teapot", "/nowhere"])("answers errors with the id, too: %s", async (path) => {
    const response = await service().request(path);
    expect(response.headers.get("x-request-id")).toMatch(UUID);
  });

  it("gives each request its own", async () => {
    const { request } = service();
    const ids = await Promise.all(Array.from({ length: 50 }, async () => (await request("/id")).text()));
    expect(new Set(ids).size).toBe(50);
  });

  it("works on HEAD and over a socket", async () => {
    await withServer(service(), async (port) => {
      const answer = await sendRaw(port, "HEAD /id HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
      expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
      expect(answer).toMatch(/\r\nx-request-id: [\da-f-]{36}\r\n/);
    });
  });

  it("takes another header, another generator, and answers without it if it is told to", async () => {
    let made = 0;
    const { request } = service({ header: "X-Trace", generate: ({ method }) => `${method}-${++made}` });
    expect((await request("/id")).headers.get("x-trace")).toBe("GET-1");
    const silent = await service({ respond: false }).request("/id");
    expect(silent.headers.has("x-request-id")).toBe(false);
    expect(await silent.text()).toMatch(UUID);
  });

  it("is asked once where it is nested, and the outer id counts", async () => {
    const inner = new RequestIdLayer({ generate: () => "inner" });
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver([new RequestIdLayer({ generate: () => "outer" }), inner]));
    root.setHandlerFor(_get.to((context) => requestId(context)));
    const response = await root.intoService().request("/");
    expect(await response.text()).toBe("outer");
    expect(response.headers.get("x-request-id")).toBe("outer");
  });

  it("leaves synchronous handlers synchronous", () => {
    const root = new Resource("/");
    const results: unknown[] = [];
    const watching = around((_, next) => {
      const result = next();
      results.push(result instanceof Promise);
      return result;
    });
    root.addLayerTo(_requestReceiver([watching, new RequestIdLayer()]));
    root.setHandlerFor(_get.to(() => "at once"));
    void root.intoService().request("/");
    expect(results).toEqual([false]);
  });

  it.each([
    ["receiver", (layer: RequestIdLayer, root: Resource) => root.addLayerTo(_requestReceiver(layer)), "/a"],
    ["passer", (layer: RequestIdLayer, root: Resource) => root.addLayerTo(_requestPasser(layer)), "/a"],
    ["handler", (layer: RequestIdLayer, root: Resource) => root.addLayerTo(_requestHandler(layer)), "/"],
    [
      "mistargeted handler",
      (layer: RequestIdLayer, root: Resource) => root.addLayerTo(_mistargetedRequestHandler(layer)),
      "/nowhere",
    ],
  ] as const)("works on the %s", async (_, add, path) => {
    const root = new Resource("/");
    add(new RequestIdLayer(), root as Resource);
    const show = (context: Parameters<typeof requestId>[0]) => requestId(context) ?? "none";
    root.setHandlerFor([_get.to(show), _mistargetedRequest.to(show)]);
    root.subresource("/a").setHandlerFor(_get.to(show));
    expect(await (await root.intoService().request(path)).text()).toMatch(UUID);
  });

  it("works on a router, also for hosts that it does not have", async () => {
    const router = new Router();
    router.addLayerTo(_requestPasser(new RequestIdLayer()));
    router.resource("http://a.example/").setHandlerFor(_get.to(() => "a"));
    const response = await router.intoService().request("http://b.example/");
    expect(response.status).toBe(404);
    expect(response.headers.get("x-request-id")).toMatch(UUID);
  });
});

describe("an id that comes with a request", () => {
  const ask = async (options: RequestIdOptions, id: string, init = {}, serviceOptions?: ServiceOptions) =>
    (
      await service(options, serviceOptions).request("/id", { headers: { "x-request-id": id }, ...init })
    ).text();

  it("is nobody's to choose by default", async () => {
    expect(await ask({}, "abc")).toMatch(UUID);
    expect(await ask({ trust: false }, "abc")).toMatch(UUID);
  });

  it.each([
    "abc",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "Self=1-67;Root=1-67891233-abcdef",
    "a/b+c==",
    "x".repeat(128),
  ])("is taken over from whom is trusted: %s", async (id) => {
    expect(await ask({ trust: true }, id)).toBe(id);
  });

  it.each([
    "",
    "a b",
    "a, b",
    'a"b',
    "<script>",
    "a\\n",
    "ü",
    "a\u009bm",
    "x".repeat(129),
    "x".repeat(8_000),
  ])("is replaced when it is none: %s", async (id) => {
    expect(await ask({ trust: true }, id)).toMatch(UUID);
  });

  it("has as many characters as it may", async () => {
    expect(await ask({ trust: true, maxLength: 3 }, "abc")).toBe("abc");
    expect(await ask({ trust: true, maxLength: 3 }, "abcd")).toMatch(UUID);
  });

  it("is trusted by address, which is that of the connection", async () => {
    const options = { trust: ["10.0.0.0/8"] };
    const proxies: ServiceOptions = { trustedProxies: { peers: ["10.0.0.0/8"] } };
    const headers = { "x-request-id": "abc", "x-forwarded-for": "203.0.113.9" };
    expect(await ask(options, "abc", { remoteAddress: "10.1.2.3" })).toBe("abc");
    expect(await ask(options, "abc", { remoteAddress: "::ffff:10.1.2.3" })).toBe("abc");
    expect(await ask(options, "abc", { remoteAddress: "192.0.2.1" })).toMatch(UUID);
    expect(await ask(options, "abc", { remoteAddress: "10.1.2.3", headers }, proxies)).toBe("abc");
    const claims = { "x-request-id": "abc", "x-forwarded-for": "10.1.2.3" };
    expect(await ask(options, "abc", { remoteAddress: "192.0.2.1", headers: claims })).toMatch(UUID);
  });

  it("is trusted from the service's proxies", async () => {
    const proxies: ServiceOptions = { trustedProxies: { peers: ["10.0.0.0/8"] } };
    expect(await ask({ trust: "proxies" }, "abc", { remoteAddress: "10.1.2.3" }, proxies)).toBe("abc");
    expect(await ask({ trust: "proxies" }, "abc", { remoteAddress: "192.0.2.1" }, proxies)).toMatch(UUID);
    expect(await ask({ trust: "proxies" }, "abc", { remoteAddress: "10.1.2.3" })).toMatch(UUID);
  });

  it("is trusted if a function says so", async () => {
    const trust: RequestIdOptions["trust"] = (context) => context.header("x-internal") === "1";
    expect(await ask({ trust }, "abc")).toMatch(UUID);
    expect(await ask({ trust }, "abc", { headers: { "x-request-id": "abc", "x-internal": "1" } })).toBe(
      "abc",
    );
  });

  it("is none when it is sent twice", async () => {
    await withServer(service({ trust: true }), async (port) => {
      const answer = await sendRaw(
        port,
        "GET /id HTTP/1.1\r\nhost: a\r\nx-request-id: a\r\nx-request-id: b\r\nconnection: close\r\n\r\n",
      );
      expect(answer).toMatch(/x-request-id: [\da-f-]{36}\r\n/);
    });
  });
});

describe("wrong options of RequestIdLayer", () => {
  it.each([
    [{ headers: "x" }, /no option "headers"/],
    [{ header: "x y" }, /the name of a header/],
    [{ header: 7 }, /the name of a header.*a number/],
    [{ trust: "everybody" }, /trust of RequestIdLayer/],
    [{ trust: ["10.0.0.0/99"] }, /not a range/],
    [{ generate: "uuid" }, /generate of RequestIdLayer/],
    [{ respond: 1 }, /respond of RequestIdLayer/],
    [{ maxLength: 0 }, /maxLength/],
    [7, /an object of options/],
  ])("are refused: %j", (options, message) => {
    expect(() => new RequestIdLayer(options as RequestIdOptions)).toThrow(message);
  });

  it("a generator that makes no id fails its request only", async () => {
    for (const id of ["a\r\nset-cookie: x=1", "", 7]) {
      const response = await service({ generate: () => id as string }).request("/id");
      expect(response.status).toBe(500);
      expect(response.headers.has("set-cookie")).toBe(false);
    }
  });
});
