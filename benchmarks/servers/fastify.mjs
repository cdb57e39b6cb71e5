import { Readable } from "node:stream";
import { fastify } from "fastify";
import { chunks, jsonValue, loginJsonSchema, NOT_FOUND, pass } from "./scenarios.mjs";

const PLAIN = "text/plain; charset=utf-8";

const replies = {
  text: (value) => (_, reply) => {
    reply.type(PLAIN).send(value);
  },
  // A schema of the response is the way that Fastify recommends.
  json: () => (_, reply) => {
    reply.send(jsonValue());
  },
  param: (names) =>
    names.length === 1
      ? ({ params }, reply) => {
          reply.type(PLAIN).send(params[names[0]]);
        }
      : ({ params: { org, project, issue } }, reply) => {
          reply.type(PLAIN).send(`${org} ${project} ${issue}`);
        },
  "param-json":
    () =>
    ({ params: { id } }, reply) => {
      reply.send({ id });
    },
  echo: () => (request, reply) => {
    reply.send(request.body);
  },
  "echo-validated": () => (request, reply) => {
    reply.send(request.body);
  },
  stream: () => (_, reply) => {
    reply.type(PLAIN).send(Readable.from(chunks.map((chunk) => Buffer.from(chunk))));
  },
};

const jsonSchema = {
  response: {
    200: {
      type: "object",
      properties: { message: { type: "string" }, ok: { type: "boolean" }, count: { type: "integer" } },
    },
  },
};

const userSchema = {
  response: { 200: { type: "object", properties: { id: { type: "string" } } } },
};

const schemas = {
  json: jsonSchema,
  "param-json": userSchema,
  "echo-validated": { body: loginJsonSchema },
};

export async function start(scenario) {
  const app = fastify();
  for (let index = 0; index < (scenario.layers ?? 0); index++) {
    app.addHook("onRequest", (_request, _reply, done) => {
      pass.count++;
      done();
    });
  }
  for (const { method, path, reply, value } of scenario.routes) {
    const schema = schemas[reply];
    app.route({ method, url: path, handler: replies[reply](value), ...(schema && { schema }) });
  }
  if (scenario.hosts !== undefined) {
    // Its own constraints take no more than 31 hosts for one path.
    const hosts = new Map(scenario.hosts.map((host) => [host, replies.text(host)]));
    app.get("/", (request, reply) => hosts.get(request.headers.host)?.(request, reply));
  }
  if (scenario.refusesOtherMethods) {
    app.route({
      method: ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
      url: "/",
      handler: (_, reply) => {
        reply.code(405).header("allow", "GET, HEAD").type(PLAIN).send("Method Not Allowed");
      },
    });
  }
  if (scenario.hasNotFound) {
    app.setNotFoundHandler((_, reply) => {
      reply.code(404).type(PLAIN).send(NOT_FOUND);
    });
  }
  await app.listen({ host: "127.0.0.1", port: 0 });
  return app.server.address().port;
}
