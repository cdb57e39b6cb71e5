// What the http suite asks for. A scenario is an app, told in terms that every contender can follow, and the requests
// that it gets. `{n}` in a path or a host is another number in every request: a repeated string would profit from caches.

export const TEXT = "Hello, World!";
export const NOT_FOUND = "Not Found";
export const HOST_COUNT = 100;
const DEEP = "/api/v1/orgs/:org/projects/:project/issues/:issue";
const LARGE = 1_000;

/** A fresh object, as a handler would make one. */
export const jsonValue = () => ({ message: TEXT, ok: true, count: 7 });
/** What the streamed body consists of. */
export const chunks = Array.from({ length: 8 }, (_, index) => String(index).repeat(1024));
export const hostNames = Array.from({ length: HOST_COUNT }, (_, index) => `h${index}.example.com`);
export const pass = { count: 0 };

const home = (reply, value) => [{ method: "GET", path: "/", reply, value }];
const login = JSON.stringify({ name: "Ada Lovelace", email: "ada@example.com", age: 36, tags: ["a", "b"] });
const wrongLogin = JSON.stringify({ name: "Ada Lovelace", email: {}, age: 36, tags: ["a", "b"] });
const JSON_HEADERS = { "content-type": "application/json" };

/** What `loginJsonSchema` says. */
export const isLogin = (value) =>
  typeof value === "object" &&
  value !== null &&
  typeof value.name === "string" &&
  typeof value.email === "string" &&
  Number.isInteger(value.age) &&
  Array.isArray(value.tags) &&
  value.tags.every((tag) => typeof tag === "string");

export const loginJsonSchema = {
  type: "object",
  required: ["name", "email", "age", "tags"],
  properties: {
    name: { type: "string" },
    email: { type: "string" },
    age: { type: "integer" },
    tags: { type: "array", items: { type: "string" } },
  },
};

const user = (reply) => [{ method: "GET", path: "/user/:id", reply, value: ["id"] }];

export const scenarios = {
  text: { routes: home("text", TEXT) },
  json: { routes: home("json") },
  param: { routes: user("param"), request: { path: "/user/{n}" } },
  "param-json": { routes: user("param-json"), request: { path: "/user/{n}" } },
  "post-json": {
    routes: [{ method: "POST", path: "/echo", reply: "echo" }],
    request: { method: "POST", path: "/echo", body: login, headers: JSON_HEADERS },
  },
  // Fastify checks with its own ajv, Hono and h3 with zod, `raw` by hand, Argania in three ways; Express, Koa, polka and srvx
  // have no way of their own.
  "post-json-validated": {
    routes: [{ method: "POST", path: "/echo", reply: "echo-validated" }],
    contenders: [
      ...["raw:object", "raw:array", "raw:set-header"],
      ...["argania", "argania:rules", "argania:zod", "fastify", "hono", "h3"],
    ],
    request: { method: "POST", path: "/echo", body: login, headers: JSON_HEADERS },
    refuses: [wrongLogin, "{", ""].map((body) => ({
      request: { method: "POST", path: "/echo", body, headers: JSON_HEADERS },
      status: 400,
    })),
  },
  "layers-5": { routes: home("text", TEXT), layers: 5 },
  "layers-5-json": { routes: home("json"), layers: 5 },
  "layers-20": { routes: home("text", TEXT), layers: 20 },
  "not-found": {
    routes: home("text", TEXT),
    hasNotFound: true,
    request: { path: "/missing/{n}" },
    status: 404,
  },
  "not-found-default": {
    routes: home("text", TEXT),
    request: { path: "/missing/{n}" },
    status: 404,
    compares: [],
  },
  "not-allowed": {
    routes: home("text", TEXT),
    refusesOtherMethods: true,
    request: { method: "DELETE" },
    status: 405,
    compares: ["allow"],
  },
  deep: {
    routes: largeApp(),
    request: { path: "/api/v1/orgs/o{n}/projects/p7/issues/i{n}" },
  },
  hosts: { routes: [], hosts: hostNames, request: { host: "h{n}.example.com", modulus: HOST_COUNT } },
  "body-1k": { routes: home("text", "x".repeat(1024)) },
  "body-100k": { routes: home("text", "x".repeat(100 * 1024)) },
  stream: { routes: home("stream") },
};

/** A thousand routes as an API has them; the last one is eight levels deep, among siblings on every level. */
function largeApp() {
  const routes = [];
  for (let index = 0; routes.length < LARGE - 1; index++) {
    for (const path of [
      `/api/v1/thing${index}`,
      `/api/v1/thing${index}/:id`,
      `/api/v1/orgs/:org/part${index}`,
      `/api/v1/orgs/:org/projects/:project/part${index}/:part`,
    ]) {
      routes.push({ method: "GET", path, reply: "text", value: TEXT });
    }
  }
  routes.length = LARGE - 1;
  return [...routes, { method: "GET", path: DEEP, reply: "param", value: ["org", "project", "issue"] }];
}
