import {
  _get,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  _wildcardMethod,
  _wildcardMethodHandler,
  around,
  ErrorHandlerLayer,
  ExtensionKey,
  Host,
  json,
  type Layer,
  Resource,
  Router,
} from "argania";
import { beforeEach, describe, expect, it } from "vitest";

let trace: string[] = [];
beforeEach(() => {
  trace = [];
});

/** Writes down its name on the way in and on the way out. */
function log(name: string): Layer {
  return around(async (_, next) => {
    trace.push(`>${name}`);
    try {
      return await next();
    } finally {
      trace.push(`<${name}`);
    }
  });
}

function logSync(name: string): Layer {
  return around((_, next) => {
    trace.push(`>${name}`);
    try {
      return next();
    } finally {
      trace.push(`<${name}`);
    }
  });
}

/** A layer on every target of every scope. */
function everything(layer: (name: string) => Layer): Router {
  const root = new Resource("/").setHandlerFor(
    _get.to(() => "root"),
    _mistargetedRequest.to(() => "mistargeted"),
  );
  root.addLayerTo(
    _requestReceiver(layer("root receiver")),
    _requestPasser(layer("root passer")),
    _requestHandler(layer("root handler")),
    _mistargetedRequestHandler([layer("root mistargeted 1"), layer("root mistargeted 2")]),
  );
  const leaf = root.subresource("/a/{b}");
  leaf.setHandlerFor(
    _get.to(() => "get").wrappedIn(layer("get 1"), layer("get 2")),
    _post.to(() => "post"),
    _wildcardMethod.to(() => "wildcard").wrappedIn(layer("wildcard")),
  );
  leaf.addLayerTo([
    _requestReceiver([layer("leaf receiver 1"), layer("leaf receiver 2")]),
    _requestPasser(layer("leaf passer")),
    _methodHandler(["GET", "POST"], layer("methods")),
    _wildcardMethodHandler(layer("wildcard target")),
    _requestHandler(layer("leaf handler 1")),
  ]);
  leaf.addLayerTo(_requestHandler(layer("leaf handler 2")));
  const router = new Router().addHost(new Host("example.com", root));
  return router.addLayerTo(_requestPasser([layer("router 1"), layer("router 2")]));
}

const WAY = ["router 1", "router 2", "root receiver", "root passer", "leaf receiver 1", "leaf receiver 2"];
const LEAF_HANDLER = [...WAY, "leaf handler 1", "leaf handler 2"];
const EXPECTED: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["GET", "/", "root", ["router 1", "router 2", "root receiver", "root handler"]],
  ["GET", "/a/1", "get", [...LEAF_HANDLER, "methods", "get 1", "get 2"]],
  ["POST", "/a/1", "post", [...LEAF_HANDLER, "methods"]],
  ["PUT", "/a/1", "wildcard", [...LEAF_HANDLER, "wildcard target", "wildcard"]],
  ["GET", "/a/1/x", "mistargeted", [...WAY, "leaf passer", "root mistargeted 1", "root mistargeted 2"]],
  ["GET", "/x", "mistargeted", [...WAY.slice(0, 4), "root mistargeted 1", "root mistargeted 2"]],
];

describe.each([
  ["asynchronous", log],
  ["synchronous", logSync],
])("%s layers", (_, layer) => {
  it.each(EXPECTED)("run outermost first for %s %s", async (method, path, answer, layers) => {
    const service = everything(layer).intoService();
    const response = await service.request(path, { method, headers: { host: "example.com" } });
    expect(await response.text()).toBe(answer);
    expect(trace).toEqual([
      ...layers.map((name) => `>${name}`),
      ...layers.toReversed().map((name) => `<${name}`),
    ]);
  });

  it("run around a slash redirect, and the request handler's do not", async () => {
    await everything(layer)
      .intoService()
      .request("/a/1/", { headers: { host: "example.com" } });
    expect(trace.slice(0, WAY.length)).toEqual(WAY.map((name) => `>${name}`));
    expect(trace).toHaveLength(2 * WAY.length);
  });

  it("see every error that passes outwards, from every component", async () => {
    const key = new ExtensionKey<string[]>("places");
    const seen: string[] = [];
    const watch = (name: string) =>
      new ErrorHandlerLayer((error) => {
        seen.push(name);
        throw error;
      });
    const root = new Resource("/").addLayerTo(
      _requestReceiver(watch("receiver")),
      _requestPasser(watch("passer")),
    );
    const leaf = root.subresource("/a").setHandlerFor(
      _get
        .to(async (context) => {
          context.extensions.set(key, []);
          throw new Error("from the handler");
        })
        .wrappedIn(layer("in between"), watch("handler's own")),
    );
    leaf.addLayerTo(
      _requestReceiver(watch("leaf receiver")),
      _requestHandler(watch("leaf handler")),
      _methodHandler("GET", watch("method")),
    );
    const router = new Router()
      .addResource(root)
      .addLayerTo(_requestPasser(new ErrorHandlerLayer((error) => json(String(error)))));
    const response = await router.intoService().request("/a");
    expect(await response.json()).toBe("Error: from the handler");
    expect(seen).toEqual(["handler's own", "method", "leaf handler", "leaf receiver", "passer", "receiver"]);
  });
});
