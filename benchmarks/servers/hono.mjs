import { serve } from "@hono/node-server";
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import { chunks, jsonValue, NOT_FOUND, pass } from "./scenarios.mjs";

const PLAIN = { "content-type": "text/plain; charset=utf-8" };

const replies = {
  text: (value) => (c) => c.text(value),
  json: () => (c) => c.json(jsonValue()),
  param: (names) =>
    names.length === 1
      ? (c) => c.text(c.req.param(names[0]))
      : (c) => {
          const { org, project, issue } = c.req.param();
          return c.text(`${org} ${project} ${issue}`);
        },
  "param-json": () => (c) => c.json({ id: c.req.param("id") }),
  echo: () => async (c) => c.json(await c.req.json()),
  "echo-validated": () => (c) => c.json(c.req.valid("json")),
  stream: () => (c) => c.body(streamOfChunks(), 200, PLAIN),
};

export const login = z.object({
  name: z.string(),
  email: z.string(),
  age: z.int(),
  tags: z.array(z.string()),
});
const checks = { "echo-validated": [zValidator("json", login)] };

export function streamOfChunks() {
  const encoder = new TextEncoder();
  let index = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(encoder.encode(chunks[index++]));
      if (index === chunks.length) controller.close();
    },
  });
}

export function application(scenario) {
  // Hosts as Hono's documentation has them: in front of the path.
  const getPath = (request) =>
    `/${request.headers.get("host")}${request.url.replace(/^https?:\/\/[^/]+/, "")}`;
  const app = scenario.hosts === undefined ? new Hono() : new Hono({ getPath });
  for (let index = 0; index < (scenario.layers ?? 0); index++) {
    app.use((_, next) => {
      pass.count++;
      return next();
    });
  }
  for (const { method, path, reply, value } of scenario.routes) {
    app.on(method, path, ...(checks[reply] ?? []), replies[reply](value));
  }
  for (const host of scenario.hosts ?? []) app.get(`/${host}/`, replies.text(host));
  if (scenario.refusesOtherMethods) {
    app.all("/", (c) => c.text("Method Not Allowed", 405, { allow: "GET, HEAD" }));
  }
  if (scenario.hasNotFound) app.notFound((c) => c.text(NOT_FOUND, 404));
  return app;
}

export function start(scenario) {
  return new Promise((resolve) => {
    const { fetch } = application(scenario);
    serve({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => resolve(port));
  });
}
