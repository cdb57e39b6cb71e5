import { Resource } from "argania";
import { type FastifyLike, fastifyPlugin } from "argania/fetch";
import Fastify, { type FastifyInstance } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { leave, looksAround, tree } from "./tree.ts";

async function listening(app: FastifyInstance): Promise<string> {
  onTestFinished(() => app.close());
  return app.listen({ port: 0, host: "127.0.0.1" });
}

test("inside Fastify, below the prefix of a plugin, beside Fastify's own routes", async () => {
  const { service, left, errors } = tree("/api");
  const app = Fastify({ forceCloseConnections: true });
  const finished: string[] = [];
  app.addHook("onResponse", (request, reply, done) => {
    finished.push(`${request.method} ${request.url} ${reply.raw.statusCode}`);
    done();
  });
  app.register(fastifyPlugin(service), { prefix: "/api" });
  app.post("/own", (request) => ({ own: request.body }));
  const url = await listening(app);
  const { seen, expected } = await looksAround(`${url}/api`, "/api", false);
  expect(seen).toEqual(expected);
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: '{"b":2}' };
  expect(await (await fetch(`${url}/own`, init)).json()).toEqual({ own: { b: 2 } });
  expect(await (await fetch(`${url}/api/nowhere`)).json()).toMatchObject({
    code: "ARGANIA_NOT_FOUND_RESOURCE",
  });
  expect((await fetch(`${url}/api`)).status).toBe(404);
  expect(finished).toContain("GET /api/nowhere 404");
  await leave(`${url}/api/endless`);
  await left.reached;
  expect(errors).toEqual([]);
});

test("hooks run in front of it, may answer, and their headers are sent", async () => {
  const { service } = tree("/api");
  const app = Fastify({ forceCloseConnections: true });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-hook", "1");
    reply.header("x-own", "theirs");
    reply.header("set-cookie", "hook=1");
    if (request.headers["x-stop"] !== undefined) {
      return reply.code(401).send("stopped");
    }
    return undefined;
  });
  app.register(fastifyPlugin(service), { prefix: "/api" });
  const url = await listening(app);
  const { headers } = await fetch(`${url}/api/cookies`);
  expect([headers.get("x-hook"), headers.get("x-own")]).toEqual(["1", "1"]);
  expect(headers.getSetCookie().sort()).toEqual(["a=1", "b=2", "hook=1"]);
  expect((await fetch(`${url}/api/cookies`, { headers: { "x-stop": "1" } })).status).toBe(401);
});

test("bodies of any type and length are the service's", async () => {
  const { service } = tree("/api");
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 10 });
  app.register(fastifyPlugin(service), { prefix: "/api" });
  const url = await listening(app);
  const post = async (type: string, body: string) =>
    (await fetch(`${url}/api/raw`, { method: "POST", headers: { "content-type": type }, body })).text();
  expect(await post("application/json", "{broken".padEnd(100, "x"))).toBe("{broken".padEnd(100, "x"));
  expect(await post("x/y", "12345")).toBe("12345");
});

test("what is no service is refused", () => {
  expect(() => fastifyPlugin(new Resource("/") as never)).toThrow("write fastifyPlugin(root.intoService())");
  const instance: FastifyLike = Fastify() as FastifyInstance & FastifyLike;
  expect(instance.prefix).toBe("");
});
