// One request in, one response out, as on a fetch runtime; the bare cost of the two objects is the floor.

import { createRouter } from "@remix-run/fetch-router";
import { H3 } from "h3";
import { Hono } from "hono";
import { bundleUrl } from "../lib/paths.mjs";

const { Resource, _get } = await import(bundleUrl);

export const fetchers = {
  "new Request + new Response": () => (url) => {
    const request = new Request(url);
    return new Response(request.url.slice(request.url.lastIndexOf("/") + 1), {
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  },
  argania: () => {
    const root = new Resource("/");
    root.subresource("/user/{id}").setHandlerFor(_get.to(({ params }) => params.id));
    const service = root.intoService();
    return (url) => service.fetch(new Request(url));
  },
  hono: () => {
    const app = new Hono();
    app.get("/user/:id", (c) => c.text(c.req.param("id")));
    return (url) => app.fetch(new Request(url));
  },
  h3: () => {
    const app = new H3();
    app.get("/user/:id", ({ context, res }) => {
      res.headers.set("content-type", "text/plain; charset=utf-8");
      return context.params.id;
    });
    return (url) => app.fetch(new Request(url));
  },
  "remix fetch-router": () => {
    const router = createRouter();
    router.get("/user/:id", ({ params }) => {
      return new Response(params.id, { headers: { "content-type": "text/plain; charset=utf-8" } });
    });
    return (url) => router.fetch(new Request(url));
  },
};
