import fastifyStatic from "@fastify/static";
import { fastify } from "fastify";
import { directory } from "./static-scenarios.mjs";

export async function start() {
  const app = fastify();
  app.register(fastifyStatic, { root: directory });
  await app.listen({ host: "127.0.0.1", port: 0 });
  return app.server.address().port;
}
