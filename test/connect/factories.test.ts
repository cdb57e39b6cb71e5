import { _get, _requestReceiver, Resource } from "argania";
import { type ConnectMiddleware, connectHandler, connectLayer } from "argania/connect";
import compression from "compression";
import cors from "cors";
import { rateLimit } from "express-rate-limit";
import { describe, expect, it } from "vitest";
import { serveTree } from "./serve-tree.ts";

const layered = (middleware: unknown) => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "inside"));
  return root.addLayerTo(_requestReceiver(connectLayer(middleware as ConnectMiddleware)));
};
const handled = (middleware: unknown) =>
  new Resource("/").setHandlerFor(_get.to(connectHandler(middleware as ConnectMiddleware)));

describe("a factory that was not called", () => {
  it.each<[string, unknown]>([
    ["rateLimit", rateLimit],
    ["compression", compression],
    ["middlewareWrapper", cors],
    ["made", { made: () => (_request: unknown, _response: unknown) => {} }.made],
  ])("%s is named, and what to write", async (name, factory) => {
    for (const root of [layered(factory), handled(factory)]) {
      const { url, service, logged } = await serveTree(root);
      expect([(await fetch(url)).status, (await service.request("/")).status]).toEqual([500, 500]);
      const [{ err: error }] = logged as [{ err: Error }];
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toContain(`"${name}"`);
      expect(error.message).toContain(`write ${name}() in its place`);
    }
  });

  it.each<[string, ConnectMiddleware, string]>([
    [
      "what stops something, and hands on later",
      (_request, _response, next) => {
        const timer = setTimeout(next, 1);
        return () => clearTimeout(timer);
      },
      "inside",
    ],
    [
      "middleware that has handed on",
      (_request, _response, next) => {
        next();
        return (_a: unknown, _b: unknown) => {};
      },
      "inside",
    ],
    [
      "middleware that has answered",
      (_request, response) => {
        response.end("answered");
        return (_a: unknown, _b: unknown) => {};
      },
      "answered",
    ],
  ])("is not %s", async (_, middleware, expected) => {
    const { url, service } = await serveTree(layered(middleware));
    expect(await (await fetch(url)).text()).toBe(expected);
    expect(await (await service.request("/")).text()).toBe(expected);
  });
});
