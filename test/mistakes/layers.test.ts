import {
  _get,
  _head,
  _method,
  _methodHandler,
  _mistargetedRequest,
  _requestReceiver,
  _wildcardMethod,
  around,
  FrozenTreeError,
  Host,
  InvalidLayerError,
  identity,
  type Layer,
  Resource,
  Router,
  stack,
} from "argania";
import { describe, expect, it } from "vitest";
import { composeLayers } from "../../src/handler/layer.ts";

const untyped = (value: unknown) => value as never;

class Timing {
  wrap(handler: never) {
    return handler;
  }
}

function connect(_request: unknown, _response: unknown, next: () => unknown) {
  return next();
}

const failure = new RangeError("no such key");
const MIDDLEWARE = "around((context, next) => …)";

function errorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

/** A value that is no layer, and what its error says. */
const FOREIGN: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    "a Connect middleware",
    connect,
    ['"connect" threw TypeError', "another framework", "connectLayer(connect)", MIDDLEWARE],
  ],
  [
    "a silent Connect middleware",
    (_q: unknown, _s: unknown) => {},
    ["undefined, not a handler", "another framework"],
  ],
  [
    "a Koa middleware",
    async (_context: unknown, next: () => unknown) => next(),
    ["a promise, not", "another framework"],
  ],
  ["a class", Timing, ['"Timing" threw TypeError', "new Timing(…)"]],
  [
    "a function that fails",
    () => {
      throw failure;
    },
    ["RangeError: no such key", MIDDLEWARE],
  ],
  [
    "an object that fails",
    {
      wrap: () => {
        throw untyped("text");
      },
    },
    ["threw a string"],
  ],
  [
    "an async function",
    async () => {
      throw failure;
    },
    ["a promise, not a handler", MIDDLEWARE],
  ],
  ["a function for a response", () => "x", ["a string, not a handler"]],
  ["a function for nothing", () => null, ["null, not a handler"]],
];

describe("what is no layer", () => {
  it.each(FOREIGN)("%s is refused when the tree becomes a service", (_, layer, parts) => {
    const root = new Resource("/");
    root
      .subresource("/a")
      .setHandlerFor(_get.to(() => "x"))
      .addLayerTo(_requestReceiver(untyped(layer)));
    const { code, message } = errorOf(() => root.intoService()) as Error & { code: string };
    expect(code).toBe("ARGANIA_INVALID_TREE");
    for (const part of ['"/a"', "ARGANIA_INVALID_LAYER", ...parts]) {
      expect(message).toContain(part);
    }
  });

  it("keeps what was thrown as the cause", () => {
    const failing: Layer = () => {
      throw failure;
    };
    for (const layers of [[failing], [stack(identity, failing)]]) {
      const error = errorOf(() => composeLayers(layers, () => "x"));
      expect(error).toBeInstanceOf(InvalidLayerError);
      expect(error.cause).toBe(failure);
      expect(error.message.match(/ threw /g)).toHaveLength(1);
    }
  });

  it("leaves no rejection behind", async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", listen);
    const koa = async () => {
      throw failure;
    };
    expect(() => composeLayers([untyped(koa)], () => "x")).toThrow("a promise");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listen);
    expect(unhandled).toEqual([]);
  });

  it.each([[undefined], [null], [7], [{ wrap: () => identity }], ["x"]])(
    "around(%j) says what it takes",
    (value) => {
      expect(() => around(untyped(value))).toThrow(TypeError);
      expect(() => around(untyped(value))).toThrow(MIDDLEWARE);
    },
  );
});

describe("methods", () => {
  it.each(["get", "Get", "head", "post", "Put", "patch", "delete", "options", "connect", "trace"])(
    "%s is refused in favour of upper case",
    (name) => {
      for (const act of [
        () => _method(name),
        () => _methodHandler(name, identity),
        () => _methodHandler([name], []),
      ]) {
        expect(act).toThrow(TypeError);
        expect(act).toThrow(`write "${name.toUpperCase()}"`);
      }
    },
  );

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [7, "a number"],
    [() => "x", "a function"],
  ])("%s is no method", (value, text) => {
    for (const act of [() => _method(untyped(value)), () => _methodHandler(untyped(value), identity)]) {
      expect(act).toThrow(TypeError);
      expect(act).toThrow(`Invalid method ${text}`);
    }
  });

  it("may have names of their own in any case", () => {
    expect(_method("m-search").slot).toEqual({ kind: "method", method: "m-search" });
    expect(_methodHandler("m-search", identity).methods).toEqual(["m-search"]);
  });

  it("may be given to _methodHandler as kinds", async () => {
    expect(_methodHandler([_get, "LOCK", _method("X")], identity).methods).toEqual(["GET", "LOCK", "X"]);
    const root = new Resource("/").setHandlerFor(_get.to(() => "x"));
    root.addLayerTo(
      _methodHandler(
        _get,
        around(async (_, next) => `(${await (await next()).text()})`),
      ),
    );
    expect(await (await root.intoService().request("/")).text()).toBe("(x)");
  });

  it.each([
    [_wildcardMethod, "_wildcardMethodHandler"],
    [_mistargetedRequest, "_mistargetedRequestHandler"],
  ])("of other kinds have targets of their own", (kind, target) => {
    expect(() => _methodHandler(kind, identity)).toThrow(target);
  });

  it.each([
    ["HEAD", "add the layer for GET"],
    ["POST", "_post.to(…)"],
    ["LOCK", '_method("LOCK").to(…)'],
  ])("a layer for %s without a handler says what to do", (method, advice) => {
    const root = new Resource("/")
      .setHandlerFor(_get.to(() => "x"))
      .addLayerTo(_methodHandler(method, identity));
    expect(() => root.intoService()).toThrow(advice);
  });

  it("a layer for HEAD is fine where HEAD has a handler", () => {
    const root = new Resource("/")
      .setHandlerFor(_head.to(() => null))
      .addLayerTo(_methodHandler(_head, identity));
    expect(() => root.intoService()).not.toThrow();
  });

  it.each([
    ["get", "GET"],
    ["Delete", "DELETE"],
    ["head", "HEAD"],
    ["options", "OPTIONS"],
    ["pOST", "POST"],
    ["put", "PUT"],
    ["m-search", "m-search"],
    ["Lock", "Lock"],
  ])("%s in service.request() is what fetch makes of it", async (written, sent) => {
    const root = new Resource("/").setHandlerFor(
      _wildcardMethod.to(({ method }) => ({ "x-method": method })),
    );
    let seen = "";
    root.addLayerTo(
      _requestReceiver(
        around((context, next) => {
          seen = context.method;
          return next();
        }),
      ),
    );
    await root.intoService().request("/", { method: written });
    expect(seen).toBe(sent);
  });
});

describe("a tree that serves", () => {
  const router = new Router();
  router.addResource(new Resource("/").setHandlerFor(_get.to(() => "x")));
  router.intoService();
  const tree = new Resource("/").setHandlerFor(_get.to(() => "x"));
  const a = tree.subresource("/a");
  tree.intoService();

  it.each<[string, () => unknown, string]>([
    [
      "a host",
      () => router.addHost(new Host("a.com", new Resource("/"))),
      "Cannot add a host: intoService() has frozen the router. Define",
    ],
    ["a layer", () => router.addLayerTo(), "Cannot add a layer: intoService() has frozen the router."],
    [
      "a second service of a router",
      () => router.intoService(),
      "Keep the service that the first call returned",
    ],
    [
      "a handler",
      () => a.setHandlerFor(_get.to(() => "x")),
      'Cannot set a handler of "/a": intoService() has frozen its tree. Define',
    ],
    ["a second service", () => tree.intoService(), "Keep the service that the first call returned"],
  ])("takes no %s", (_, act, message) => {
    expect(act).toThrow(FrozenTreeError);
    expect(act).toThrow(message);
  });
});

describe("a capture name that occurs twice", () => {
  it.each<[string, () => unknown, string]>([
    ["in one pattern", () => new Resource("/{id}/x/{id:\\d+}"), '"/{id}/x/{id:\\d+}" captures "id" twice.'],
    ["in a resource and its host", () => new Resource("http://{id}.a.com/{id}"), 'captures "id" twice.'],
    [
      "in two resources",
      () => new Resource("/{id}").addSubresource(new Resource("/{id}")),
      '"/{id}" captures "id", and so does "/{id}" further out',
    ],
  ])("%s is told as what it is", (_, act, message) => {
    expect(act).toThrow(expect.objectContaining({ code: "ARGANIA_DUPLICATE_CAPTURE_NAME" }));
    expect(act).toThrow(message);
  });
});
