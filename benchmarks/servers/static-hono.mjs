import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { directory } from "./static-scenarios.mjs";

/** It sends no entity tag and answers no conditional requests. */
export function start() {
  const app = new Hono();
  app.use(serveStatic({ root: directory }));
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => resolve(port));
  });
}
