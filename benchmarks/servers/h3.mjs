import { H3, readValidatedBody, serve } from "h3";
import { login, streamOfChunks } from "./hono.mjs";
import { jsonValue, NOT_FOUND, pass } from "./scenarios.mjs";

const PLAIN = "text/plain; charset=utf-8";

const replies = {
  text: (value) => (event) => {
    event.res.headers.set("content-type", PLAIN);
    return value;
  },
  json: () => () => jsonValue(),
  param: (names) => (event) => {
    event.res.headers.set("content-type", PLAIN);
    const { params } = event.context;
    return names.length === 1 ? params[names[0]] : `${params.org} ${params.project} ${params.issue}`;
  },
  "param-json": () => (event) => ({ id: event.context.params.id }),
  echo: () => (event) => event.req.json(),
  "echo-validated": () => (event) => readValidatedBody(event, login),
  stream: () => (event) => {
    event.res.headers.set("content-type", PLAIN);
    return streamOfChunks();
  },
};

export function application(scenario) {
  const app = new H3();
  for (let index = 0; index < (scenario.layers ?? 0); index++) {
    app.use((_, next) => {
      pass.count++;
      return next();
    });
  }
  for (const { method, path, reply, value } of scenario.routes) app.on(method, path, replies[reply](value));
  if (scenario.hosts !== undefined) {
    // It has no hosts of its own.
    const hosts = new Map(scenario.hosts.map((host) => [host, replies.text(host)]));
    app.get("/", (event) => hosts.get(event.req.headers.get("host"))?.(event));
  }
  if (scenario.refusesOtherMethods) {
    app.all("/", (event) => {
      event.res.status = 405;
      event.res.headers.set("allow", "GET, HEAD");
      return "Method Not Allowed";
    });
  }
  if (scenario.hasNotFound) {
    app.all("/**", (event) => {
      event.res.status = 404;
      event.res.headers.set("content-type", PLAIN);
      return NOT_FOUND;
    });
  }
  return app;
}

export async function start(scenario) {
  const server = serve(application(scenario), { hostname: "127.0.0.1", port: 0, silent: true });
  await server.ready();
  return server.node.server.address().port;
}
