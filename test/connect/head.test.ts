import { _get, _requestReceiver, Resource } from "argania";
import { connectLayer } from "argania/connect";
import { expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

it("HEAD of a stream is finished for middleware, and its source is let go of", async () => {
  const seen: string[] = [];
  const endless = () => ({
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false as const, value: "x".repeat(100_000) }),
      async return() {
        seen.push("released");
        return { done: true as const, value: undefined };
      },
    }),
  });
  const root = new Resource("/").setHandlerFor(_get.to(() => endless()));
  root.addLayerTo(
    _requestReceiver(
      connectLayer((_request, response, next) => {
        response.on("finish", () => seen.push(`finish ${response.writableFinished}`));
        response.on("close", () => seen.push("close"));
        next();
      }),
    ),
  );
  const { url, service, logged } = await serveTree(root);
  for (const ask of [() => fetch(url, { method: "HEAD" }), () => service.request("/", { method: "HEAD" })]) {
    const response = await ask();
    expect([response.status, await response.text()]).toEqual([200, ""]);
    await eventually(() => seen.length === 3);
    expect(seen.splice(0).sort()).toEqual(["close", "finish true", "released"]);
  }
  expect(logged).toEqual([]);
});
