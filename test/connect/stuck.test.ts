import { _get, _requestReceiver, Resource } from "argania";
import { connectLayer } from "argania/connect";
import helmet from "helmet";
import { expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

const root = () => new Resource("/").setHandlerFor(_get.to(() => new Promise<string>(() => {})));
const messagesOf = (logged: readonly unknown[]) =>
  logged.map((details) => (details as { err: Error }).err.message);

it("middleware that neither answers nor hands on is named at the deadline", async () => {
  function forgetful() {}
  const layer = connectLayer(helmet(), forgetful);
  const { url, logged } = await serveTree(root().addLayerTo(_requestReceiver(layer)), (server) =>
    server.withLimits({ handlerTimeout: 50 }),
  );
  expect((await fetch(url)).status).toBe(503);
  await eventually(() =>
    messagesOf(logged).some((message) => message.includes('Middleware "forgetful" had')),
  );
});

it("middleware that has handed on is not", async () => {
  const layer = connectLayer(helmet());
  const { url, logged } = await serveTree(root().addLayerTo(_requestReceiver(layer)), (server) =>
    server.withLimits({ handlerTimeout: 50 }),
  );
  expect((await fetch(url)).status).toBe(503);
  await eventually(() => logged.length > 0);
  expect(messagesOf(logged).filter((message) => message.includes("Middleware"))).toEqual([]);
});
