import { Hono } from "hono";

/** An app that is served alone, or below `/api` in another one. */
export function mountedApp() {
  return new Hono().basePath("/api").get("/hello/:id", (c) => c.json({ id: c.req.param("id") }));
}
