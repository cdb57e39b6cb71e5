import bearerAuth from "@fastify/bearer-auth";
import compress from "@fastify/compress";
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import jwt from "@fastify/jwt";
import { fastify } from "fastify";
import { pino } from "pino";
import { LOG_FILE, largeValue, ORIGIN, SECRET, smallValue, TOKEN } from "./middleware-scenarios.mjs";

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
  jwt: async (app) => {
    await app.register(jwt, { secret: SECRET, verify: { algorithms: ["HS256"] } });
    app.addHook("onRequest", (request) => request.jwtVerify());
  },
  compression: (app) => app.register(compress, { encodings: ["gzip"] }),
};

export async function start(scenario) {
  const app = fastify({ genReqId: () => crypto.randomUUID() });
  for (const name of scenario.layers) await layers[name](app);
  const value = scenario.isLarge ? largeValue : smallValue;
  app.get("/", (_, reply) => {
    reply.send(value());
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  return app.server.address().port;
}
