import { _wildcardMethod, Resource } from "argania";
import { fetchHandler } from "argania/fetch";
import { Hono } from "hono";

/** The resource `/legacy/hono`: an app of Hono, or any other fetch app. It is told where it is. */
export function buildLegacyHono(): Resource<"/legacy/hono ?*"> {
  const app = new Hono().basePath("/legacy/hono");
  app.get("/hello/:name", (c) => c.json({ hello: c.req.param("name"), from: "Hono" }));
  app.post("/echo", async (c) => c.json(await c.req.json(), 201));

  const legacy = new Resource("/legacy/hono ?*");
  legacy.setHandlerFor(_wildcardMethod.to(fetchHandler(app)));
  return legacy;
}
