import { _get, _requestPasser, _requestReceiver, around, json, type RequestContext, Resource } from "argania";
import { describe, expect, it } from "vitest";
import { NO_PROPERTIES } from "../../src/common/property.ts";
import { NO_AUTHORITY } from "../../src/request/authority.ts";
import { type CaptureSlot, Route, type RouteNode, WHOLE_SEGMENT } from "../../src/request/route.ts";
import { parseRoutePath, type RoutePath } from "../../src/request/route-path.ts";

const routeOf = (target: string) => new Route(parseRoutePath(target) as RoutePath, NO_AUTHORITY);

function nodeAt(depth: number, captures: readonly CaptureSlot[] = [], matchCount = 0): RouteNode {
  return { depth, matchCount, captures, properties: NO_PROPERTIES };
}

/** The segments in the order in which they are passed. */
function walk(route: Route): string[] {
  const segments: string[] = [];
  while (!route.isAtEnd) {
    segments.push(route.nextSegment());
    route.advance(nodeAt(segments.length));
  }
  return segments;
}

describe("a route", () => {
  it.each([
    "/",
    "//",
    "///",
    "/a",
    "/a/",
    "/a//",
    "//a",
    "/a//b",
    "/ab/c/def/",
    "/%61/b%2Fc",
    "/%61//",
    "/%2F/%2F/",
  ])("passes the segments that its path has: %s", (target) => {
    const route = routeOf(target);
    expect(walk(route)).toEqual([...route.path.segments()]);
  });

  it.each(["/a/b/c/d", "/a/b/c/d/", "/a/%62/c/d/"])(
    "can be put back to any node and go on alike: %s",
    (target) => {
      const route = routeOf(target);
      walk(route);
      for (const depth of [3, 0, 2, 4, 1]) {
        route.rewindTo(nodeAt(depth));
        expect(walk(route)).toEqual(["a", "b", "c", "d"].slice(depth));
      }
    },
  );

  it("forgets the matches of the nodes that it leaves", () => {
    const route = routeOf("/a/b");
    route.record(["a", "first"]);
    route.record(["b", "second"]);
    route.rewindTo(nodeAt(1, [], 1));
    expect(route.matches).toEqual([["a", "first"]]);
  });

  it("cuts params from segments and matches, and again only for another node", () => {
    const route = routeOf("/x/y-z/w");
    route.record(["y-z", "y", undefined]);
    const slot = (name: string, index: number, group: number): CaptureSlot => ({
      name,
      index,
      group,
      isHost: false,
    });
    route.node = nodeAt(3, [
      slot("a", 0, WHOLE_SEGMENT),
      slot("b", 0, 1),
      slot("c", 0, 2),
      slot("d", 2, WHOLE_SEGMENT),
    ]);
    const params = route.params();
    expect({ ...params }).toEqual({ a: "x", b: "y", c: "", d: "w" });
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
    route.rewindTo(nodeAt(depth));
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
