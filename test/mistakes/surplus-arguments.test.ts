import {
  _get,
  _method,
  _methodHandler,
  _mistargetedRequestHandler,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  _wildcardMethod,
  _wildcardMethodHandler,
  around,
  attempt,
  cookie,
  cookies,
  dynStack,
  ErrorHandlerLayer,
  Host,
  header,
  jsonBody,
  optional,
  queryParams,
  RequestExtensionsModifierLayer,
  Resource,
  Router,
} from "argania";
import { multipartFields } from "argania/multipart";
import { describe, expect, it } from "vitest";
import { z } from "zod";

/** Programs that are run without a type checker have such calls. */
type Untyped = (...values: unknown[]) => unknown;
const untyped = (fn: unknown) => fn as Untyped;
const made = (construct: unknown, ...values: unknown[]) => Reflect.construct(construct as Untyped, values);
const on = (target: object, method: string, ...values: unknown[]) =>
  (target as Record<string, Untyped>)[method]?.(...values);

const log = around((_context, next) => next());
const guard = around(() => {
  throw new Error("guarded");
});
const passing = () => "x";
const schema = z.object({});
const handler = _get.to(() => "x");
const at = (path: string) => new Resource(path).setHandlerFor(_get.to(() => path));
const routed = () => new Router();

describe("what stands behind the arguments that a definition takes is refused, not dropped", () => {
  it.each<[string, () => unknown, string]>([
    ["_requestReceiver", () => untyped(_requestReceiver)(log, guard), "_requestReceiver([first, second])"],
    ["_requestPasser", () => untyped(_requestPasser)(log, guard), "_requestPasser([first, second])"],
    ["_requestHandler", () => untyped(_requestHandler)(log, guard), "_requestHandler([first, second])"],
    [
      "_wildcardMethodHandler",
      () => untyped(_wildcardMethodHandler)(log, guard),
      "_wildcardMethodHandler([first, second])",
    ],
    [
      "_mistargetedRequestHandler",
      () => untyped(_mistargetedRequestHandler)(log, guard),
      "_mistargetedRequestHandler([first, second])",
    ],
    ["_methodHandler", () => untyped(_methodHandler)("GET", log, guard), "[first, second])"],
    ["a guard that is undefined", () => untyped(_requestReceiver)(log, undefined), "([first, second])"],
    ["_method", () => untyped(_method)("LOCK", () => "x"), '_method("LOCK").to(handler)'],
    [".to", () => on(_get, "to", [header("x")], () => "x", guard), ".wrappedIn(layer)"],
    [".to(null)", () => on(_wildcardMethod, "to", null, undefined, guard), ".wrappedIn(layer)"],
    [
      "new Resource with a handler",
      () => made(Resource, "/x", handler),
      'new Resource("/path").setHandlerFor(',
    ],
    [
      "new Resource with more",
      () => made(Resource, "/x", {}, handler),
      'new Resource("/path").setHandlerFor(',
    ],
    ["new Resource with unknown options", () => made(Resource, "/x", { strict: true }), "allowUnsafeRegex"],
    ["addSubresource", () => on(at("/"), "addSubresource", at("/a"), at("/b")), "addSubresource([a, b])"],
    [
      "addSubresourceUnder",
      () => on(at("/"), "addSubresourceUnder", "/x", at("/a"), at("/b")),
      "addSubresourceUnder(path, [a, b])",
    ],
    ["subresource", () => on(at("/"), "subresource", "/x", handler), 'subresource("/path").setHandlerFor('],
    ["new Router with a resource", () => made(Router, at("/")), "new Router().addResource(root)"],
    ["new Router with more", () => made(Router, {}, at("/")), "new Router().addResource([a, b])"],
    [
      "addHost",
      () => on(routed(), "addHost", new Host("a.test", at("/")), new Host("b.test", at("/"))),
      "addHost([a, b])",
    ],
    ["addResource", () => on(routed(), "addResource", at("/a"), at("/b")), "addResource([a, b])"],
    [
      "addResourceUnder",
      () => on(routed(), "addResourceUnder", "/x", at("/a"), at("/b")),
      "addResourceUnder(path, [a, b])",
    ],
    ["router.resource", () => on(routed(), "resource", "/x", handler), 'resource("/path").setHandlerFor('],
    ["header", () => untyped(header)("x-page", {}), "headers({"],
    ["cookie", () => untyped(cookie)("theme", {}), "cookies({"],
    ["cookie.signed", () => untyped(cookie.signed)("theme", {}), "cookies({"],
    ["cookies", () => untyped(cookies)(schema, schema), "cookies(schema)"],
    ["queryParams", () => untyped(queryParams)(schema, schema), "queryParams(schema)"],
    ["jsonBody", () => untyped(jsonBody)(schema, {}, schema), "jsonBody(schema, {"],
    [
      "multipartFields",
      () => untyped(multipartFields)(schema, {}, schema),
      "multipartFields(schema, options)",
    ],
    ["attempt", () => untyped(attempt)(header("a"), header("b")), "attempt(b)]"],
    ["optional", () => untyped(optional)(header("a"), "light"), "a default value"],
    ["around", () => untyped(around)(passing, passing), "stack(around(first), around(second))"],
    ["dynStack", () => untyped(dynStack)(() => [], guard), "stack(dynStack(decide), layer)"],
    ["ErrorHandlerLayer", () => made(ErrorHandlerLayer, passing, passing), "new ErrorHandlerLayer(second)]"],
    [
      "RequestExtensionsModifierLayer",
      () => made(RequestExtensionsModifierLayer, passing, passing),
      "a layer for each",
    ],
    ["new Host with two resources", () => made(Host, "a.test", at("/"), at("/x")), "new Host(pattern, root)"],
    ["new Host with more", () => made(Host, "a.test", at("/"), {}, at("/x")), "new Host(pattern, root)"],
  ])("%s", (_, define, instead) => {
    expect(define).toThrow(TypeError);
    expect(define).toThrow(instead);
  });

  it("a router's resource is not made by the refused call, nor a resource added", () => {
    const router = routed();
    expect(() => on(router, "addResource", at("/a"), at("/b"))).toThrow(TypeError);
    expect(String(router)).not.toContain("/a");
  });
});

describe("what is given by map and forEach stays", () => {
  it("an index and an array", () => {
    expect([log, guard].map(_requestReceiver).map(({ layers }) => layers)).toEqual([[log], [guard]]);
    expect(["LOCK", "UNLOCK"].map(_method)).toHaveLength(2);
  });
});
