import {
  _connect,
  _delete,
  _get,
  _head,
  _method,
  _mistargetedRequest,
  _options,
  _patch,
  _post,
  _put,
  _trace,
  _wildcardMethod,
  around,
  type HandlerKind,
  InvalidLayerError,
  json,
  type Layer,
  MethodHandler,
  PropertyKind,
  peer,
  Resource,
} from "argania";
import { describe, expect, it } from "vitest";

describe("handler kinds", () => {
  it.each<[HandlerKind, string]>([
    [_get, "GET"],
    [_head, "HEAD"],
    [_post, "POST"],
    [_put, "PUT"],
    [_patch, "PATCH"],
    [_delete, "DELETE"],
    [_options, "OPTIONS"],
    [_connect, "CONNECT"],
    [_trace, "TRACE"],
    [_method("LOCK"), "LOCK"],
    [_method("m-search"), "m-search"],
  ])("%# are for one method", async (kind, method) => {
    expect(kind.slot).toEqual({ kind: "method", method });
    expect(Object.isFrozen(kind.slot)).toBe(true);
    const service = new Resource("/").setHandlerFor(kind.to((context) => json(context.method))).intoService();
    const response = await service.request("/", { method });
    expect(method === "HEAD" ? response.status : await response.json()).toBe(
      method === "HEAD" ? 200 : method,
    );
  });

  it.each(["", " ", "GET POST", "GET\r\n", "GÉT", "a/b", "a:b", "(x)", "\0"])(
    "refuse the method %j",
    (name) => {
      expect(() => _method(name)).toThrow(TypeError);
      expect(() => _method(name)).toThrow(JSON.stringify(name));
    },
  );

  it.each([[undefined], [null], [42], ["text"], [{}]])("refuse %j as a handler", (handler) => {
    expect(() => _get.to(handler as never)).toThrow(TypeError);
    expect(() => _get.to(handler as never)).toThrow(/GET: a handler is a function, not .*Write \.to\(/);
    expect(() => _get.to([], handler as never)).toThrow(/a handler is a function/);
  });

  it("take layers first, outside of those that come later", async () => {
    const trace: string[] = [];
    const named = (name: string) =>
      around((_, next) => {
        trace.push(name);
        return next();
      });
    const kind = _get.wrappedIn(named("a")).wrappedIn(named("b"), named("c"));
    const handler = kind.to(() => "x").wrappedIn(named("d"));
    expect(await (await new Resource("/").setHandlerFor(handler).intoService().request("/")).text()).toBe(
      "x",
    );
    expect(trace).toEqual(["a", "b", "c", "d"]);
    expect(_get.to(() => "x").layers).toEqual([]);
    expect(() => _get.wrappedIn("layer" as never)).toThrow(InvalidLayerError);
  });

  it.each([[undefined], [null], [{}], [{ extract: 1 }], [() => "x"]])(
    "refuse %j as an extractor",
    (wrong) => {
      expect(() => _get.to([wrong as never], () => "x")).toThrow(TypeError);
      expect(() => _get.to([wrong as never], () => "x")).toThrow(/An extractor is/);
    },
  );

  it("say which purpose has no handler, and what it was given", () => {
    expect(() => _wildcardMethod.to(undefined as never)).toThrow(/^wildcard-method: .*not undefined/);
    expect(() => _mistargetedRequest.to([], null as never)).toThrow(/^mistargeted-request: .*not null/);
  });

  it("take null only where there may deliberately be none", () => {
    expect(_wildcardMethod.to(null).handler).toBeNull();
    expect(_mistargetedRequest.to(null).handler).toBeNull();
    expect(() => _post.to(null as never)).toThrow(TypeError);
  });
});

it("says where a schema goes that stands for an extractor", () => {
  const schema = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } };
  for (const wrong of [schema, Object.assign(() => null, schema)]) {
    expect(() => _get.to([wrong as never], () => "x")).toThrow(
      /is a.*\. A schema goes into one: jsonBody\(schema\)/,
    );
  }
});

describe("a method handler", () => {
  const handle = () => "x";
  const layer: Layer = (handler) => handler;
  const size = new PropertyKind<number>("size", 1);

  it("is never changed, only made anew", () => {
    const plain = _get.to(handle);
    const layered = plain.wrappedIn(layer);
    const extended = layered.withExtension(undefined);
    const sized = extended.withProperty(size.to(2));
    expect([plain, layered, extended, sized].every((each) => each instanceof MethodHandler)).toBe(true);
    expect(new Set([plain, layered, extended, sized]).size).toBe(4);
    expect([plain.layers, plain.properties.size]).toEqual([[], 0]);
    expect([layered.layers, layered.properties.size]).toEqual([[layer], 0]);
    expect([sized.layers, [...sized.properties.values()], sized.handler]).toEqual([[layer], [2], handle]);
    expect(sized.withProperty(size.to(3)).properties.size).toBe(1);
    expect([...sized.properties.values()]).toEqual([2]);
  });

  it("is wrapped in layers, the first outermost and later ones inside", async () => {
    const trace: string[] = [];
    const named = (name: string) =>
      around((_, next) => {
        trace.push(name);
        return next();
      });
    const handler = _get.to(handle).wrappedIn(named("a"), named("b")).wrappedIn(named("c"));
    await new Resource("/").setHandlerFor(handler).intoService().request("/");
    expect(trace).toEqual(["a", "b", "c"]);
  });

  it.each([[undefined], [null], ["layer"], [{}], [{ wrap: 1 }]])("refuses %j as a layer", (wrong) => {
    expect(() => _get.to(handle).wrappedIn(wrong as never)).toThrow(InvalidLayerError);
  });

  it.each([[null], [undefined], ["x"]])("refuses a layer that makes %j of a handler", (made) => {
    const broken: Layer = Object.defineProperty(() => made as never, "name", { value: "broken" });
    const root = new Resource("/").setHandlerFor(_get.to(handle).wrappedIn(broken));
    expect(() => root.intoService()).toThrow(/"broken" returned .*not a handler/);
  });

  it("is called without this, so that a method that has lost its object fails, with a layer and without", async () => {
    class Greeter {
      readonly name = "Ada";
      greet() {
        return this.name;
      }
    }
    const { greet } = new Greeter();
    const root = new Resource("/").setHandlerFor(
      _get.to(greet),
      _put.wrappedIn(layer).to(greet),
      _post.to([peer], greet),
      _mistargetedRequest.to(greet),
    );
    const errors: unknown[] = [];
    const service = root.intoService({ logger: { error: ({ err }) => errors.push(err) } });
    const statuses: number[] = [];
    for (const [path, method] of [
      ["/", "GET"],
      ["/", "PUT"],
      ["/", "POST"],
      ["/x", "GET"],
    ] as const) {
      statuses.push((await service.request(path, { method })).status);
    }
    expect(statuses).toEqual([500, 500, 500, 500]);
    expect(errors.every((error) => error instanceof TypeError)).toBe(true);
  });

  it("hands its extension to the handler and its layers", async () => {
    const seen: unknown[] = [];
    const spy = around((_, next, args) => {
      seen.push(args.handlerExtension);
      return next();
    });
    const get = _get.to((_, { handlerExtension }: { handlerExtension: string }) => json(handlerExtension));
    const service = new Resource("/")
      .setHandlerFor([
        get.wrappedIn(spy).withExtension("mine"),
        _post.to((_, args) => json(args.handlerExtension ?? null)),
      ])
      .intoService();
    expect(await (await service.request("/")).json()).toBe("mine");
    expect(await (await service.request("/", { method: "POST" })).json()).toBeNull();
    expect(seen).toEqual(["mine"]);
  });
});
