// No framework, but the adapter that others stand on: the floor for handlers of Request and Response.

import { FastResponse, serve } from "srvx";
import { streamOfChunks } from "./hono.mjs";
import { hostNames, jsonValue, NOT_FOUND, pass } from "./scenarios.mjs";

const PLAIN = { "content-type": "text/plain; charset=utf-8" };
const text = (value, status = 200, headers = PLAIN) => new FastResponse(value, { status, headers });
const pathOf = ({ url }) => url.slice(url.indexOf("/", 8));

const json = () => () => FastResponse.json(jsonValue());

const handlers = {
  json,
  "layers-5-json": json,
  param: () => (request) => text(pathOf(request).slice("/user/".length)),
  "param-json": () => (request) => FastResponse.json({ id: pathOf(request).slice("/user/".length) }),
  "post-json": () => async (request) => FastResponse.json(await request.json()),
  "not-allowed": () => () => text("Method Not Allowed", 405, { ...PLAIN, allow: "GET, HEAD" }),
  deep: () => (request) => {
    const segments = pathOf(request).split("/");
    return text(`${segments[4]} ${segments[6]} ${segments[8]}`);
  },
  hosts: () => {
    const hosts = new Set(hostNames);
    return ({ headers }) =>
      hosts.has(headers.get("host")) ? text(headers.get("host")) : text(NOT_FOUND, 404);
  },
  stream: () => () => new FastResponse(streamOfChunks(), { headers: PLAIN }),
};

const home = (scenario) => {
  const { value } = scenario.routes[0];
  return (request) => (pathOf(request) === "/" ? text(value) : text(NOT_FOUND, 404));
};

export async function start(scenario, _variant, name) {
  const middleware = Array.from({ length: scenario.layers ?? 0 }, () => (_, next) => {
    pass.count++;
    return next();
  });
  const fetch = (handlers[name] ?? home)(scenario);
  const server = serve({ fetch, middleware, hostname: "127.0.0.1", port: 0, silent: true });
  await server.ready();
  return server.node.server.address().port;
}
