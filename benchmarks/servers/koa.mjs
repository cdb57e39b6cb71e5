import { Readable } from "node:stream";
import { bodyParser } from "@koa/bodyparser";
import { Router } from "@koa/router";
import Koa from "koa";
import { listen } from "./listen.mjs";
import { chunks, jsonValue, NOT_FOUND, pass } from "./scenarios.mjs";

const replies = {
  text: (value) => (ctx) => {
    ctx.body = value;
  },
  json: () => (ctx) => {
    ctx.body = jsonValue();
  },
  param: (names) => (ctx) => {
    const { params } = ctx;
    ctx.body = names.length === 1 ? params[names[0]] : `${params.org} ${params.project} ${params.issue}`;
  },
  "param-json": () => (ctx) => {
    ctx.body = { id: ctx.params.id };
  },
  echo: () => (ctx) => {
    ctx.body = ctx.request.body;
  },
  stream: () => (ctx) => {
    ctx.type = "text";
    ctx.body = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  },
};

export function start(scenario) {
  const app = new Koa();
  for (let index = 0; index < (scenario.layers ?? 0); index++) {
    app.use((_, next) => {
      pass.count++;
      return next();
    });
  }
  const router = new Router();
  for (const { method, path, reply, value } of scenario.routes) {
    const parsers = reply === "echo" ? [bodyParser()] : [];
    router[method.toLowerCase()](path, ...parsers, replies[reply](value));
  }
  if (scenario.hosts !== undefined) {
    // The router's own hosts would each be a router, tried one after the other.
    const hosts = new Map(scenario.hosts.map((host) => [host, replies.text(host)]));
    router.get("/", (ctx) => hosts.get(ctx.headers.host)?.(ctx));
  }
  app.use(router.routes());
  if (scenario.refusesOtherMethods) app.use(router.allowedMethods());
  if (scenario.hasNotFound) {
    app.use((ctx) => {
      ctx.status = 404;
      ctx.body = NOT_FOUND;
    });
  }
  return listen(app.callback());
}
