import { randomBytes } from "node:crypto";
import { serve } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { useSession, useSessionStorage } from "@hono/session";
import { Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { bearerAuth } from "hono/bearer-auth";
import { compress } from "hono/compress";
import { cors } from "hono/cors";
import { csrf } from "hono/csrf";
import { etag } from "hono/etag";
import { ipRestriction } from "hono/ip-restriction";
import { jwt } from "hono/jwt";
import { requestId } from "hono/request-id";
import { routePath } from "hono/route";
import { NONCE, secureHeaders } from "hono/secure-headers";
import { timeout } from "hono/timeout";
import { pino } from "pino";
import {
  LOG_FILE,
  largeValue,
  NEW_HOME,
  ORIGIN,
  PASSWORD,
  page,
  pieces,
  SECRET,
  smallValue,
  TakenError,
  TOKEN,
  USER,
} from "./middleware-scenarios.mjs";
import { mountedApp } from "./mounted-hono.mjs";

const session = () =>
  useSession({ secret: randomBytes(32).toString("hex"), duration: { absolute: 604_800 } });

/** It comes without a store: the simplest one that there can be. */
function memoryStorage() {
  const entries = new Map();
  return {
    get: (id) => entries.get(id) ?? null,
    set: (id, value) => void entries.set(id, value),
    delete: (id) => void entries.delete(id),
  };
}

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
  basic: () => basicAuth({ username: USER, password: PASSWORD }),
  "ip-filter": () => ipRestriction(getConnInfo, { allowList: ["127.0.0.0/8"] }),
  "session-cookie": () => session(),
  "session-store": () => {
    const [storage, inner] = [useSessionStorage(memoryStorage()), session()];
    return (c, next) => storage(c, () => inner(c, next));
  },
  etag: () => etag(),
  jwt: () => jwt({ secret: SECRET, alg: "HS256" }),
  compression: () => compress({ encoding: "gzip" }),
  "csp-nonce": () => {
    const sources = ["'self'", NONCE];
    return secureHeaders({ contentSecurityPolicy: { scriptSrc: sources, styleSrc: sources } });
  },
  redirection: () => (c) => c.redirect(`${NEW_HOME}${c.req.url.slice(c.req.url.indexOf("/", 8))}`, 308),
  extensions: () => (c, next) => {
    c.set("user", { name: USER });
    return next();
  },
};

const handlers = {
  value: (value) => (c) => c.json(value()),
  later: (value) => async (c) => {
    await null;
    return c.json(value());
  },
  nonce: () => (c) => c.html(page(c.get("secureHeadersNonce"))),
  shared: () => (c) => c.json(c.get("user")),
  stream: () => (c) => c.body(ReadableStream.from(encoded()), 200, { "content-type": "application/json" }),
  throws: () => () => {
    throw new TakenError("taken");
  },
};

async function* encoded() {
  const encoder = new TextEncoder();
  for await (const piece of pieces()) yield encoder.encode(piece);
}

function addHandlers(app, { handler = "value", isLarge }) {
  if (handler === "user") {
    app.get("/", async (c) => {
      const userId = (await c.var.session.get())?.userId;
      return userId === undefined ? c.body(null, 401) : c.json({ userId });
    });
    app.get("/login", async (c) => {
      await c.var.session.update({ userId: "7" });
      return c.text("Hello");
    });
  } else {
    app.get("/", handlers[handler](isLarge ? largeValue : smallValue));
  }
}

function application(scenario) {
  if (scenario.handler === "mounted") return mountedApp();
  const app = new Hono();
  for (const name of scenario.layers) {
    // Not a layer there, but one handler of the app.
    if (name === "error-handler") app.onError(answerError);
    else app.use(layers[name]());
  }
  addHandlers(app, scenario);
  return app;
}

function answerError(error, c) {
  if (!(error instanceof TakenError)) throw error;
  return c.json({ error: error.message }, 409);
}

export function start(scenario) {
  const app = application(scenario);
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => resolve(port));
  });
}
