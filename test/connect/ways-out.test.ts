import { _get, _requestReceiver, Resource } from "argania";
import { type ConnectMiddleware, connectErrorLayer, connectHandler, connectLayer } from "argania/connect";
import express from "express";
import { describe, expect, it } from "vitest";
import { serveTree } from "./serve-tree.ts";

const ways: [string, (way: "route" | "router") => ConnectMiddleware][] = [
  ["at once", (way) => (_request, _response, next) => next(way)],
  [
    "later",
    (way) => (_request, _response, next) => {
      setTimeout(() => next(way), 1);
    },
  ],
  [
    "in a promise",
    (way) => async (_request, _response, next) => {
      await Promise.resolve();
      next(way);
    },
  ],
];

/** Over a socket and in process. */
async function answersOf(root: Resource): Promise<unknown[]> {
  const { url, service, logged } = await serveTree(root);
  const responses = [await fetch(url), await service.request("/")];
  expect(logged).toEqual([]);
  return Promise.all(responses.map(async (response) => [response.status, await response.text()]));
}

describe.each(["route", "router"] as const)('next("%s")', (way) => {
  describe.each(ways)("%s", (_, middlewareFor) => {
    const middleware = middlewareFor(way);

    it("goes on with what is inside of a layer", async () => {
      const root = new Resource("/").setHandlerFor(_get.to(() => "inside"));
      root.addLayerTo(_requestReceiver(connectLayer(middleware)));
      expect(await answersOf(root)).toEqual([
        [200, "inside"],
        [200, "inside"],
      ]);
    });

    it("is a 404 of a handler and of an error layer, as next() is", async () => {
      const handled = new Resource("/").setHandlerFor(_get.to(connectHandler(middleware)));
      const failing = new Resource("/").setHandlerFor(
        _get.to(() => {
          throw new Error("thrown");
        }),
      );
      failing.addLayerTo(
        _requestReceiver(
          connectErrorLayer((_error, request, response, next) => middleware(request, response, next)),
        ),
      );
      for (const root of [handled, failing]) {
        const notFound = [404, expect.stringContaining("ARGANIA_NOT_FOUND_RESOURCE")];
        expect(await answersOf(root)).toEqual([notFound, notFound]);
      }
    });

    it.each<[string, (...middlewares: ConnectMiddleware[]) => ConnectMiddleware[]]>([
      ["one layer", (...middlewares) => middlewares],
      ["a router of Express", (...middlewares) => [express.Router().use(...(middlewares as []))]],
    ])("runs what is behind it in %s as Express does", async (_place, listOf) => {
      const guard: ConnectMiddleware = (_request, response) => {
        response.statusCode = 403;
        response.end("guarded");
      };
      const root = new Resource("/").setHandlerFor(_get.to(() => "inside"));
      root.addLayerTo(_requestReceiver(connectLayer(...listOf(middleware, guard))));
      const expected = way === "route" ? [403, "guarded"] : [200, "inside"];
      expect(await answersOf(root)).toEqual([expected, expected]);
    });
  });
});
