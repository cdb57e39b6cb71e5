import {
  _get,
  type ErrorReport,
  type Extractor,
  Host,
  header,
  hostParams,
  json,
  pathParams,
  peer,
  queryParams,
  type RequestContext,
  Resource,
  ResponseError,
  Router,
} from "argania";
import { describe, expect, it } from "vitest";

const context = (target = "/", headers: Record<string, string> = {}): Promise<RequestContext> =>
  new Promise((resolve, reject) => {
    const service = new Resource("/ *")
      .setHandlerFor(
        _get.to((given: RequestContext) => {
          resolve(given);
        }),
      )
      .intoService();
    service.request(target, { headers }).catch(reject);
  });
const ARGS = { nodeExtension: undefined, handlerExtension: undefined };

const value = <T>(given: T): Extractor<T, object> => ({ extract: () => given });
const later = <T>(given: T): Extractor<T, object> => ({ extract: async () => given });

describe("a handler behind extractors", () => {
  it("gets their values in order, then the context and the args", async () => {
    const get = _get.to([value(1), later("2"), value([3])], (one, two, three, { method }, args) =>
      json([one, two, three, method, args.nodeExtension]),
    );
    const service = new Resource("/").setExtension("node").setHandlerFor(get).intoService();
    expect(await (await service.request("/")).json()).toEqual([1, "2", [3], "GET", "node"]);
  });

  it("answers at once when nothing has to be awaited", async () => {
    const get = _get.to([value(1), header("host")], (one, host) => `${one}${host}`);
    expect(get.handler?.(await context("/", { host: "a" }), ARGS as never)).toBe("1a");
  });

  it("runs the extractors one after the other, and awaits each", async () => {
    const trace: string[] = [];
    const traced = (name: string, isAsync: boolean): Extractor<string, object> => ({
      extract: () => {
        trace.push(`${name} starts`);
        const done = () => {
          trace.push(`${name} ends`);
          return name;
        };
        return isAsync ? Promise.resolve().then(done) : done();
      },
    });
    const get = _get.to(
      [traced("a", false), traced("b", true), traced("c", false), traced("d", true)],
      (...all) => {
        trace.push("handler");
        return json(all.slice(0, 4));
      },
    );
    const result = get.handler?.(await context(), ARGS as never);
    expect(result).toBeInstanceOf(Promise);
    await result;
    expect(trace).toEqual(
      [..."abcd"].flatMap((name) => [`${name} starts`, `${name} ends`]).concat("handler"),
    );
  });

  it("may have none", async () => {
    const service = new Resource("/").setHandlerFor(_get.to([], ({ method }) => method)).intoService();
    expect(await (await service.request("/")).text()).toBe("GET");
  });

  it.each([false, true])(
    "does not run when one fails, nor do those behind it (async: %j)",
    async (isAsync) => {
      const trace: string[] = [];
      const failing: Extractor<never, object> = {
        extract: () => {
          const error = new ResponseError(401);
          if (isAsync) {
            return Promise.reject(error);
          }
          throw error;
        },
      };
      const spy: Extractor<void, object> = { extract: () => void trace.push("extractor") };
      const get = _get.to([failing, spy], () => {
        trace.push("handler");
        return null;
      });
      const response = await new Resource("/").setHandlerFor(get).intoService().request("/");
      expect([response.status, trace]).toEqual([401, []]);
    },
  );

  it("is a 500 when an extractor has a bug", async () => {
    const reports: ErrorReport[] = [];
    const get = _get.to([{ extract: () => (undefined as unknown as string[]).length }], () => "x");
    const service = new Resource("/")
      .setHandlerFor(get)
      .intoService({ logger: { error: (report) => reports.push(report) } });
    expect((await service.request("/")).status).toBe(500);
    expect(reports[0]?.err).toBeInstanceOf(TypeError);
  });
});

describe("queryParams", () => {
  const extract = async (query: string) => queryParams.extract(await context(`/${query}`), ARGS);

  it.each<[string, Record<string, unknown>]>([
    ["", {}],
    ["?", {}],
    ["?a=1&b=%C3%BC+x", { a: "1", b: "ü x" }],
    ["?a=1&a=2&a=3&b", { a: ["1", "2", "3"], b: "" }],
    ["?constructor=1&toString=2", { constructor: "1", toString: "2" }],
    ["?a=%zz&&=", { a: "%zz", "": "" }],
  ])("of %j are by name", async (query, expected) => {
    expect({ ...(await extract(query)) }).toEqual(expected);
  });

  it("leave __proto__ out, which would poison what they are copied to", async () => {
    const params = await extract("?__proto__=a&__proto__=b&__proto__[x]=1");
    expect(Object.keys(params)).toEqual(["__proto__[x]"]);
    expect(Object.getPrototypeOf(Object.assign({}, params))).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it("called without a schema are the same", async () => {
    expect({ ...(await queryParams().extract(await context("/?a=1"), ARGS)) }).toEqual({ a: "1" });
  });
});

describe("params", () => {
  const router = new Router();
  const root = new Resource("/");
  root
    .subresource("/{id}/{name}.{ext}")
    .setHandlerFor(
      _get.to([pathParams, pathParams(), hostParams, hostParams()], (path, samePath, host, sameHost) =>
        json([{ ...path }, path === samePath, { ...host }, { ...sameHost }]),
      ),
    );
  router.addHost(new Host("{tenant}.example.com", root));
  const service = router.intoService();

  it("of the path have the host's too; of the host have nothing else", async () => {
    const response = await service.request("http://acme.example.com/7/a%2Fb.txt");
    expect(await response.json()).toEqual([
      { tenant: "acme", id: "7", name: "a/b", ext: "txt" },
      true,
      { tenant: "acme" },
      { tenant: "acme" },
    ]);
  });
});

describe("header", () => {
  const service = new Resource("/")
    .setHandlerFor(_get.to([header("X-Tenant")], (tenant) => tenant))
    .intoService();

  it("is found in any case, an empty one as well", async () => {
    expect(await (await service.request("/", { headers: { "x-tenant": "acme" } })).text()).toBe("acme");
    expect((await service.request("/", { headers: { "X-TENANT": "" } })).status).toBe(200);
  });

  it("that is missing is a 400 that names it", async () => {
    const response = await service.request("/");
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: 'The header "X-Tenant" is missing.',
        code: "ARGANIA_MISSING_HEADER",
      },
    ]);
  });
});

describe("peer", () => {
  it("is the client's address, as a value and called", async () => {
    const service = new Resource("/")
      .setHandlerFor(_get.to([peer, peer()], (a, b) => json([a, b])))
      .intoService();
    expect(await (await service.request("/", { remoteAddress: "::1" })).json()).toEqual(["::1", "::1"]);
    expect(await (await service.fetch(new Request("http://a/"))).json()).toEqual(["", ""]);
  });
});
