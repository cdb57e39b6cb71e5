import { _get, _requestReceiver, around, Resource, respond } from "argania";
import { connectLayer } from "argania/connect";
import { expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

it("a layer that tries again has the answer written once, and each try ends", async () => {
  let tries = 0;
  const ended: string[] = [];
  const heads: number[] = [];
  const retry = around(async (_, next) => {
    try {
      return await next();
    } catch {
      return next();
    }
  });
  const middleware = connectLayer((_request, response, next) => {
    const { writeHead } = response;
    response.writeHead = function (this: typeof response, ...args: unknown[]) {
      heads.push(args[0] as number);
      response.setHeader(`x-try-${heads.length}`, "1");
      return Reflect.apply(writeHead, this, args);
    } as never;
    response.on("finish", () => ended.push("finish"));
    next();
  });
  const root = new Resource("/").setHandlerFor(
    _get.to(() => {
      tries++;
      if (tries % 2 === 1) {
        throw new Error("not yet");
      }
      return respond(200, "inside");
    }),
  );
  root.addLayerTo(_requestReceiver([retry, middleware]));
  const { url, service } = await serveTree(root);
  for (const ask of [() => fetch(url), () => service.request("/")]) {
    const response = await ask();
    expect(await response.text()).toBe("inside");
    expect([response.headers.get("x-try-1"), response.headers.get("x-try-2")]).toEqual(["1", null]);
    await eventually(() => ended.length === 2);
    expect(heads.splice(0)).toEqual([200]);
    ended.length = 0;
  }
});
