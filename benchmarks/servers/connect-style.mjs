// What Express and polka have in common: handlers of (request, response, next).

import { Readable } from "node:stream";
import { chunks, jsonValue, NOT_FOUND, pass } from "./scenarios.mjs";

const PLAIN = "text/plain; charset=utf-8";

/** Builds the app with what a framework has for sending text and JSON. */
export function build(app, scenario, { jsonParser, sendText, sendJson }) {
  const replies = {
    text: (value) => (_, response) => sendText(response, value),
    json: () => (_, response) => sendJson(response, jsonValue()),
    param:
      (names) =>
      ({ params }, response) =>
        sendText(
          response,
          names.length === 1 ? params[names[0]] : `${params.org} ${params.project} ${params.issue}`,
        ),
    "param-json":
      () =>
      ({ params: { id } }, response) =>
        sendJson(response, { id }),
    echo: () => (request, response) => sendJson(response, request.body),
    stream: () => (_, response) => {
      response.setHeader("content-type", PLAIN);
      Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(response);
    },
  };
  for (let index = 0; index < (scenario.layers ?? 0); index++) {
    app.use((_request, _response, next) => {
      pass.count++;
      next();
    });
  }
  for (const { method, path, reply, value } of scenario.routes) {
    const parsers = reply === "echo" ? [jsonParser] : [];
    app[method.toLowerCase()](path, ...parsers, replies[reply](value));
  }
  if (scenario.hosts !== undefined) {
    // Neither has hosts of its own.
    const hosts = new Map(scenario.hosts.map((host) => [host, replies.text(host)]));
    app.get("/", (request, response) => hosts.get(request.headers.host)?.(request, response));
  }
  if (scenario.refusesOtherMethods) {
    app.all("/", (_, response) => {
      response.statusCode = 405;
      response.setHeader("allow", "GET, HEAD");
      sendText(response, "Method Not Allowed");
    });
  }
  return app;
}

export { NOT_FOUND, PLAIN };
