import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { compress } from "hono/compress";
import { cors } from "hono/cors";
import { csrf } from "hono/csrf";
import { jwt } from "hono/jwt";
import { requestId } from "hono/request-id";
import { routePath } from "hono/route";
import { secureHeaders } from "hono/secure-headers";
import { timeout } from "hono/timeout";
import { pino } from "pino";
import { LOG_FILE, largeValue, ORIGIN, SECRET, smallValue, TOKEN } from "./middleware-scenarios.mjs";

const layers = {
  "request-id": () => requestId(),
  logger: () => {
    const log = pino(pino.destination({ dest: LOG_FILE, sync: false }));
    return async (c, next) => {
      const start = performance.now();
      await next();
      log.info(
        {
          method: c.req.method,
          path: c.req.path,
          route: routePath(c, -1),
          status: c.res.status,
          duration: performance.now() - start,
          requestId: c.get("requestId"),
        },
        "request",
      );
    };
  },
  "security-headers": () => secureHeaders(),
  cors: () => cors({ origin: [ORIGIN], credentials: true }),
  timeout: () => timeout(10_000),
  csrf: () => csrf(),
  bearer: () => bearerAuth({ token: TOKEN }),
  jwt: () => jwt({ secret: SECRET, alg: "HS256" }),
  compression: () => compress({ encoding: "gzip" }),
};

export function start(scenario) {
  const app = new Hono();
  for (const name of scenario.layers) app.use(layers[name]());
  const value = scenario.isLarge ? largeValue : smallValue;
  app.get("/", (c) => c.json(value()));
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => resolve(port));
  });
}
