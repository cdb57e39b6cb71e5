import {
  _get,
  _requestHandler,
  _requestReceiver,
  around,
  dynStack,
  ErrorHandlerLayer,
  ExtensionKey,
  InvalidTreeError,
  identity,
  json,
  type Layer,
  LightResponse,
  type Next,
  NotFoundResourceError,
  RedirectionLayer,
  type RequestContext,
  RequestExtensionsModifierLayer,
  Resource,
  Router,
  respond,
  stack,
} from "argania";
import { describe, expect, it } from "vitest";

const append = (text: string): Layer =>
  around(async (_, next) => respond({ "x-by": text }, `${await (await next()).text()}${text}`));

function served(layer: Layer, answer: (context: RequestContext) => unknown = () => "x") {
  const root = new Resource("/ *").setHandlerFor(_get.to((context) => answer(context) as string));
  return root.addLayerTo(_requestReceiver(layer)).intoService();
}

const textOf = async (layer: Layer) => (await served(layer).request("/")).text();

describe("a layer", () => {
  it("gets one response type whatever the handler returned", async () => {
    const values = [
      "text",
      null,
      204,
      { a: 1 },
      new Uint8Array([1]),
      new Response("web"),
      Promise.resolve("later"),
    ];
    for (const value of values) {
      let seen: unknown;
      const layer = around(async (_, next) => {
        seen = await next();
        return seen as Response;
      });
      await served(layer, () => value).request("/");
      expect(seen).toBeInstanceOf(LightResponse);
      expect(seen).toBeInstanceOf(Response);
    }
  });

  it("may change headers and status of any response, a platform one included", async () => {
    const layer = around(async (_, next) => {
      const response = await next();
      response.headers.set("x-layer", "yes");
      response.status = 201;
      return response;
    });
    const response = await served(layer, () => new Response("web", { headers: { "x-web": "1" } })).request(
      "/",
    );
    expect([response.status, response.headers.get("x-layer"), response.headers.get("x-web")]).toEqual([
      201,
      "yes",
      "1",
    ]);
  });

  it("may be an object with wrap", async () => {
    expect(await textOf({ wrap: () => () => "wrapped" })).toBe("wrapped");
  });

  it("may return anything that a handler may, and outer layers get a response of it", async () => {
    expect(
      await textOf(
        stack(
          append("outer"),
          around(() => "inner "),
        ),
      ),
    ).toBe("inner outer");
  });

  it("may call its handler again", async () => {
    const twice = around(async (_, next) => `${await (await next()).text()}${await (await next()).text()}`);
    expect(await textOf(twice)).toBe("xx");
  });

  describe("that returns nothing is a mistake, and no empty response", () => {
    it.each<[string, (context: RequestContext, next: Next) => unknown]>([
      ["at once", (_, next) => void next()],
      ["later", async (_, next) => void (await next())],
      ["on one path", async ({ method }, next) => (method === "GET" ? undefined : next())],
      // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
      ["by a thenable", () => ({ then: (resolve: (value: unknown) => void) => resolve(undefined) })],
    ])("%s", async (_, forgetful) => {
      const named = Object.defineProperty(forgetful, "name", { value: "forgetful" });
      for (const layers of [[around(named as never)], [append("outer"), around(named as never)]]) {
        const reports: unknown[] = [];
        const root = new Resource("/").setHandlerFor(_get.to(() => "x")).addLayerTo(_requestReceiver(layers));
        const service = root.intoService({ logger: { error: ({ err }) => reports.push(err) } });
        expect((await service.request("/")).status).toBe(500);
        expect(reports).toEqual([expect.objectContaining({ code: "ARGANIA_INVALID_RESPONSE" })]);
        expect(String(reports[0])).toContain('The layer "forgetful" returned nothing');
        expect(String(reports[0])).toContain("return next()");
      }
    });

    it.each<[string, (context: unknown, next: Next) => unknown]>([
      ["at once", (_, next) => void next()],
      ["later", async (_, next) => void next()],
    ])("%s, and what is inside may fail all the same", async (_, forgetful) => {
      const reports: unknown[] = [];
      const root = new Resource("/").addLayerTo(_requestReceiver(around(forgetful as never)));
      let hasFailed = false;
      root.setHandlerFor(
        _get.to(async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          hasFailed = true;
          throw new Error("unheard");
        }),
      );
      const service = root.intoService({ logger: { error: ({ err }) => reports.push(err) } });
      expect((await service.request("/")).status).toBe(500);
      expect(reports).toEqual([expect.objectContaining({ code: "ARGANIA_INVALID_RESPONSE" })]);
      await expect.poll(() => hasFailed).toBe(true);
      // The test fails with a rejection that nobody hears of.
      await new Promise((resolve) => setImmediate(resolve));
    });

    it("but null is an empty response, and nothing is one of a handler", async () => {
      expect(await textOf(around(async () => null))).toBe("");
      const silent = served(
        around((_, next) => next()),
        async () => undefined,
      );
      expect((await silent.request("/")).status).toBe(200);
    });
  });

  it("can be written in front of its handler", async () => {
    const root = new Resource("/").setHandlerFor(
      _get
        .wrappedIn(append("1"))
        .wrappedIn(append("2"))
        .to(() => "x")
        .wrappedIn(append("3")),
    );
    expect(await (await root.intoService().request("/")).text()).toBe("x321");
  });

  it("without a target is refused, not ignored", () => {
    for (const node of [new Resource("/"), new Router()]) {
      expect(() => node.addLayerTo(identity as never)).toThrow(
        expect.objectContaining({
          code: "ARGANIA_INVALID_LAYER",
          message: expect.stringContaining("_requestReceiver"),
        }),
      );
    }
  });

  it("costs no promise when it makes none", () => {
    const service = served(around((_, next) => next()));
    expect(service.fetch(new Request("http://localhost/"))).toBeInstanceOf(Response);
  });
});

describe("stack, identity and dynStack", () => {
  it("compose with the first outermost", async () => {
    expect(await textOf(stack(append("1"), append("2"), append("3")))).toBe("x321");
    expect(await textOf(stack(append("1"), identity, stack(append("2"))))).toBe("x21");
  });

  it("leave the handler as it is when there is nothing to do", () => {
    const handler = () => new LightResponse();
    expect(identity(handler)).toBe(handler);
    expect(stack()(handler)).toBe(handler);
    expect(stack(identity, identity)(handler)).toBe(handler);
  });

  it("decide per request, now or later", async () => {
    const audited = [append("audit")];
    for (const later of [false, true]) {
      const layer = dynStack((context) => {
        const layers = context.query.has("audit") ? audited : [];
        return later ? Promise.resolve(layers) : layers;
      });
      const service = served(layer);
      expect(await (await service.request("/")).text()).toBe("x");
      expect(await (await service.request("/?audit")).text()).toBe("xaudit");
    }
  });

  it("compose the layers of dynStack once for each array", async () => {
    let wrapped = 0;
    const count: Layer = (handler) => {
      wrapped++;
      return handler;
    };
    const layers = [count];
    const service = served(dynStack(() => layers));
    await service.request("/");
    await service.request("/");
    expect(wrapped).toBe(1);
  });

  it("refuse a decision that is no array", async () => {
    const reports: unknown[] = [];
    const root = new Resource("/").setHandlerFor(_get.to(() => "x"));
    root.addLayerTo(_requestReceiver(dynStack((() => {}) as never)));
    const service = root.intoService({ logger: { error: ({ err }) => reports.push(err) } });
    expect((await service.request("/")).status).toBe(500);
    expect(String(reports[0])).toContain("empty for none");
  });

  it("have names that describe() shows", () => {
    async function timing(_: RequestContext, next: () => unknown) {
      return next() as string;
    }
    const root = new Resource("/").addLayerTo(
      _requestReceiver([stack(around(timing), identity), dynStack(() => [])]),
      _requestHandler(new ErrorHandlerLayer(() => "x")),
    );
    expect(root.describe().layers).toEqual({
      "request-receiver": ["stack(timing, identity)", "dynStack"],
      "request-handler": ["ErrorHandlerLayer"],
    });
    expect(root.toString()).toContain("request-receiver: stack(timing, identity) > dynStack");
  });

  it("refuse what is no layer", () => {
    expect(() => stack("x" as unknown as Layer)).toThrow(
      expect.objectContaining({ code: "ARGANIA_INVALID_LAYER" }),
    );
    const root = new Resource("/").addLayerTo(_requestReceiver({ wrap: () => null } as unknown as Layer));
    expect(() => root.intoService()).toThrow(InvalidTreeError);
  });
});

describe("ErrorHandlerLayer", () => {
  const failing = (layer: Layer, error: unknown, later: boolean) =>
    served(layer, () => {
      if (later) {
        return Promise.reject(error);
      }
      throw error;
    });

  it.each([false, true])("turns an error into a response, or throws it on (later: %s)", async (later) => {
    const layer = new ErrorHandlerLayer((error, context) => {
      if (error instanceof NotFoundResourceError) {
        return respond(410, `gone: ${context.path}`);
      }
      throw error;
    });
    const gone = await failing(layer, new NotFoundResourceError(), later).request("/x");
    expect([gone.status, await gone.text()]).toEqual([410, "gone: /x"]);
  });

  it("sees the framework's own errors too", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => "x"));
    root.addLayerTo(
      _requestReceiver(new ErrorHandlerLayer((error) => json((error as { code: string }).code))),
    );
    const service = root.intoService();
    expect(await (await service.request("/none")).json()).toBe("ARGANIA_NOT_FOUND_RESOURCE");
    expect(await (await service.request("/", { method: "PUT" })).json()).toBe("ARGANIA_NOT_ALLOWED_METHOD");
  });

  it.each([false, true])("sees an error that was returned instead of thrown (later: %s)", async (later) => {
    const error = new NotFoundResourceError();
    const service = served(new ErrorHandlerLayer((seen) => json(seen === error)), () =>
      later ? Promise.resolve(error) : error,
    );
    expect(await (await service.request("/")).json()).toBe(true);
  });

  it("takes a function only", () => {
    expect(() => new ErrorHandlerLayer(undefined as never)).toThrow(TypeError);
  });
});

describe("RequestExtensionsModifierLayer", () => {
  it.each([false, true])("runs before the handler (later: %s)", async (later) => {
    const key = new ExtensionKey<string>("greeting");
    const layer = new RequestExtensionsModifierLayer((extensions, context) => {
      extensions.set(key, `hello ${context.path}`);
      return later ? Promise.resolve() : undefined;
    });
    const service = served(layer, ({ extensions }) => extensions.getOrThrow(key));
    expect(await (await service.request("/a")).text()).toBe("hello /a");
  });
});

describe("RedirectionLayer", () => {
  it.each([
    ["permanentTo", RedirectionLayer.permanentTo("/new"), 308, "/new"],
    ["temporaryTo", RedirectionLayer.temporaryTo(new URL("https://x.com/y?z")), 307, "https://x.com/y?z"],
    ["seeOther", RedirectionLayer.seeOther("/new?a=b"), 303, "/new?a=b"],
    [
      "permanentToPrefix",
      RedirectionLayer.permanentToPrefix("https://x.com"),
      308,
      "https://x.com/a%2Fb/c?q=%2F",
    ],
    ["temporaryToPrefix", RedirectionLayer.temporaryToPrefix("/v2/"), 307, "/v2/a%2Fb/c?q=%2F"],
    ["seeOtherToPrefix", RedirectionLayer.seeOtherToPrefix(""), 303, "/a%2Fb/c?q=%2F"],
  ] as const)("%s", async (_, layer, status, location) => {
    const response = await served(layer).request("/%61%2Fb/c?q=%2F");
    expect([response.status, response.headers.get("location")]).toEqual([status, location]);
  });

  it("never leaves the origin through the path", async () => {
    const response = await served(RedirectionLayer.permanentToPrefix("")).request("//evil.com/x");
    expect(response.headers.get("location")).toBe("/evil.com/x");
  });

  it("refuses unsafe places when it is made", () => {
    for (const place of ["//evil.com", "javascript:alert(1)", "/a\r\nb", "/\\evil.com"]) {
      expect(() => RedirectionLayer.permanentTo(place), place).toThrow(TypeError);
    }
    expect(() => RedirectionLayer.permanentToPrefix("/a?b")).toThrow(TypeError);
    expect(() => RedirectionLayer.permanentToPrefix("new.example.com")).toThrow('"https://new.example.com"');
    expect(() => RedirectionLayer.seeOtherToPrefix("../v2")).toThrow(/relative/);
  });
});
