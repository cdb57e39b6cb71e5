import { randomBytes, timingSafeEqual } from "node:crypto";
import { BlockList } from "node:net";
import { Readable } from "node:stream";
import basicAuth from "@fastify/basic-auth";
import bearerAuth from "@fastify/bearer-auth";
import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import cors from "@fastify/cors";
import etag from "@fastify/etag";
import helmet from "@fastify/helmet";
import jwt from "@fastify/jwt";
import storedSession from "@fastify/session";
import { fastify } from "fastify";
import { pino } from "pino";
import {
  LOG_FILE,
  largeValue,
  NETWORK,
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

/** Its plugin compares nothing itself: as @fastify/bearer-auth does. */
function isSecret(secret, given) {
  const bytes = Buffer.from(given);
  return secret.length === bytes.length && timingSafeEqual(secret, bytes);
}

/** There is no official plugin: what Node itself has for it. */
function allowOnly(app, network) {
  const [address, bits] = network.split("/");
  const allowed = new BlockList();
  allowed.addSubnet(address, Number(bits));
  app.addHook("onRequest", (request, reply, done) => {
    if (allowed.check(request.ip)) done();
    else reply.code(403).send();
  });
}

const layers = {
  "request-id": (app) => {
    app.addHook("onRequest", (request, reply, done) => {
      reply.header("x-request-id", request.id);
      done();
    });
  },
  // One line, as the others write it: by itself Fastify writes two.
  logger: (app) => {
    const log = pino(pino.destination({ dest: LOG_FILE, sync: false }));
    app.addHook("onResponse", (request, reply, done) => {
      log.info(
        {
          method: request.method,
          path: request.url,
          route: request.routeOptions.url,
          status: reply.statusCode,
          duration: reply.elapsedTime,
          requestId: request.id,
        },
        "request",
      );
      done();
    });
  },
  "security-headers": (app) => app.register(helmet),
  cors: (app) => app.register(cors, { origin: [ORIGIN], credentials: true }),
  bearer: (app) => app.register(bearerAuth, { keys: [TOKEN] }),
  basic: async (app) => {
    const [user, password] = [Buffer.from(USER), Buffer.from(PASSWORD)];
    await app.register(basicAuth, {
      authenticate: true,
      validate(name, given, _request, _reply, done) {
        const isName = isSecret(user, name);
        done(isSecret(password, given) && isName ? undefined : new Error("Unauthorized"));
      },
    });
    app.addHook("onRequest", app.basicAuth);
  },
  "ip-filter": (app) => allowOnly(app, "127.0.0.0/8"),
  "proxied-ip-filter": (app) => allowOnly(app, NETWORK),
  // Native code, which there is not for every platform.
  "session-cookie": async (app) => {
    const { default: secureSession } = await import("@fastify/secure-session");
    await app.register(secureSession, { key: randomBytes(32), cookie: { path: "/" } });
  },
  "session-store": async (app) => {
    await app.register(cookie);
    const options = { secret: SECRET, cookie: { secure: false }, rolling: false, saveUninitialized: false };
    await app.register(storedSession, options);
  },
  decompression: (app) => app.register(compress, { globalCompression: false, requestEncodings: ["gzip"] }),
  etag: (app) => app.register(etag),
  jwt: async (app) => {
    await app.register(jwt, { secret: SECRET, verify: { algorithms: ["HS256"] } });
    app.addHook("onRequest", (request) => request.jwtVerify());
  },
  compression: (app) => app.register(compress, { encodings: ["gzip"] }),
  "compression-br": (app) => app.register(compress, { encodings: ["br"] }),
  "csp-nonce": (app) => app.register(helmet, { enableCSPNonces: true }),
  // All of it is an option of the app.
  "remote-ip": () => {},
  "error-handler": (app) => {
    app.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof TakenError)) throw error;
      reply.code(409).send({ error: error.message });
    });
  },
  redirection: (app) => {
    app.addHook("onRequest", (request, reply) => reply.redirect(`${NEW_HOME}${request.url}`, 308));
  },
  extensions: (app) => {
    app.decorateRequest("user", null);
    app.addHook("onRequest", (request, _, done) => {
      request.user = { name: USER };
      done();
    });
  },
};

const handlers = {
  value: (value) => (_, reply) => {
    reply.send(value());
  },
  ip: () => (request, reply) => {
    reply.send({ ip: request.ip });
  },
  nonce: () => (_, reply) => {
    reply.type("text/html; charset=utf-8").send(page(reply.cspNonce.script));
  },
  shared: () => (request, reply) => {
    reply.send(request.user);
  },
  stream: () => (_, reply) => {
    reply.type("application/json").send(Readable.from(pieces()));
  },
  throws: () => () => {
    throw new TakenError("taken");
  },
};

function addHandlers(app, { handler = "value", isLarge }) {
  if (handler === "count") {
    app.post("/", (request, reply) => {
      reply.send({ count: request.body.length });
    });
  } else if (handler === "user") {
    app.get("/", ({ session }, reply) => {
      const userId = session.get("userId");
      if (userId === undefined) reply.code(401).send();
      else reply.send({ userId });
    });
    app.get("/login", ({ session }, reply) => {
      session.set("userId", "7");
      reply.send("Hello");
    });
  } else {
    app.get("/", handlers[handler](isLarge ? largeValue : smallValue));
  }
}

export async function start(scenario) {
  const isProxied = scenario.layers.some((name) => ["proxied-ip-filter", "remote-ip"].includes(name));
  const app = fastify({
    genReqId: () => crypto.randomUUID(),
    ...(isProxied ? { trustProxy: "loopback" } : {}),
  });
  for (const name of scenario.layers) await layers[name](app);
  addHandlers(app, scenario);
  await app.listen({ host: "127.0.0.1", port: 0 });
  return app.server.address().port;
}
