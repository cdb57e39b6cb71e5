import { _get, _requestPasser, _requestReceiver, around, json, type RequestContext, Resource } from "argania";
import { describe, expect, it } from "vitest";
import { NO_PROPERTIES } from "../../src/common/property.ts";
import { NO_AUTHORITY } from "../../src/request/authority.ts";
import { type CaptureSlot, Route, type RouteNode, WHOLE_SEGMENT } from "../../src/request/route.ts";
import { parseRoutePath, type RoutePath } from "../../src/request/route-path.ts";

function routeOf(target: string): Route {
  const route = new Route(target, NO_AUTHORITY);
  route.path = parseRoutePath(target) as RoutePath;
  return route;
}

function nodeAt(depth: number, captures: readonly CaptureSlot[] = []): RouteNode {
  return { depth, captures, properties: NO_PROPERTIES };
}

describe("a route", () => {
  it("forgets what it has recorded of the path, not of the host", () => {
    const route = routeOf("/a/b");
    route.record(["host", "first"]);
    route.record(["b", "second"]);
    route.recordWildcard(3, 4);
    route.recordWildcard(1, 2);
    route.forget(1);
    expect(route.matches).toEqual([["host", "first"]]);
    route.node = nodeAt(1, [{ name: "a", index: 0, depth: 0, group: WHOLE_SEGMENT, isHost: false }]);
    expect(route.params().a).toBe("a");
  });

  it("cuts params from segments and matches, and again only for another node", () => {
    const route = routeOf("/x/y-z/w");
    route.record(["y-z", "y", undefined]);
    const slot = (name: string, index: number, depth: number, group: number): CaptureSlot => ({
      name,
      index,
      depth,
      group,
      isHost: false,
    });
    route.node = nodeAt(3, [
      slot("a", 0, 0, WHOLE_SEGMENT),
      slot("b", 0, 1, 1),
      slot("c", 0, 1, 2),
      slot("d", 1, 2, WHOLE_SEGMENT),
    ]);
    const params = route.params();
    expect({ ...params }).toEqual({ a: "x", b: "y", c: "", d: "w" });
    const cut = new Route("/x/y-z/w", NO_AUTHORITY);
    cut.record(["y-z", "y", undefined]);
    cut.recordWildcard(1, 2);
    cut.recordWildcard(7, 8);
    cut.node = route.node;
    expect({ ...cut.params() }).toEqual({ ...params });
    expect(route.params()).toBe(params);
    expect("toString" in params).toBe(false);
    route.node = nodeAt(0);
    expect({ ...route.params() }).toEqual({});
    expect(Object.isFrozen(route.params())).toBe(true);
  });

  it.each([
    ["/a/b/c", 1, "/b/c", ["b", "c"]],
    ["/a/b/", 1, "/b/", ["b"]],
    ["/a/b//", 1, "/b//", ["b", ""]],
    ["/a/%2F%2e%2e/", 1, "/%2F../", ["/.."]],
    ["/a", 0, "/a", ["a"]],
  ])("has a rest for a subtree handler: %s from %d on", (target, depth, path, segments) => {
    const route = routeOf(target);
    route.answerAt(nodeAt(depth));
    expect([route.subtreePath(), [...route.subtreeSegments()]]).toEqual([path, segments]);
    route.enter(nodeAt(depth));
    expect([route.subtreePath(), route.subtreeSegments()]).toEqual(["", []]);
  });
});

describe("a layer that runs what is inside of it twice", () => {
  it.each([_requestReceiver, _requestPasser])(
    "meets the same resource with the same params: %o",
    async (target) => {
      const seen: unknown[] = [];
      const twice = around(async (_, next) => {
        await next();
        return next();
      });
      const root = new Resource("/");
      root.addLayerTo(target(twice));
      root
        .subresource("/{a:\\d+}-x/{b}/{c}.{d:\\w+}")
        .setHandlerFor(_get.to((context: RequestContext) => json(seen.push({ ...context.params }))));
      const response = await root.intoService().request("/1-x/%62/c.txt");
      expect(await response.json()).toBe(2);
      expect(seen).toEqual(Array(2).fill({ a: "1", b: "b", c: "c", d: "txt" }));
    },
  );
});
