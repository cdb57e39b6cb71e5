// Calls through a number of layers that only pass on, in process. Each entry makes a `call`, which gives what the
// framework gives, a promise or not, and an `ask`, which makes the same call and gives the text that it answers with.

import { H3, H3Event } from "h3";
import compose from "koa-compose";
import { bundleUrl } from "../lib/paths.mjs";

const argania = await import(bundleUrl);
const { NO_AUTHORITY, Resource, RequestContext, Route, _get, around, finalizeTree } = argania;
// Not among the exports of the package.
const { compose: honoCompose } = await import(
  new URL("../node_modules/hono/dist/compose.js", import.meta.url)
);

/** What every handler answers. */
export const TEXT = "Hello";
export const calls = { layers: 0, handlers: 0 };

const passSync = (_, next) => {
  calls.layers++;
  return next();
};
const passAsync = async (_, next) => {
  calls.layers++;
  return await next();
};

/** The request goes to `/a`, so that it meets the root's passer, too. */
function arganiaTree(isAsync, addLayers) {
  const layer = around(isAsync ? passAsync : passSync);
  const root = new Resource("/");
  const handler = () => {
    calls.handlers++;
    return argania.text(TEXT);
  };
  addLayers(root, _get, layer, (kind) => root.subresource("/a").setHandlerFor(kind.to(handler)));
  const tree = finalizeTree(Resource.nodeOf(root));
  const source = { method: "GET" };
  const call = () => {
    const route = new Route("/a", NO_AUTHORITY);
    tree.match(route);
    return tree.enter(route, new RequestContext(source, route));
  };
  return { call, ask: async () => (await call()).text() };
}

/** As Hono's own: with its first response a context is final, and the layers outside leave it as it is. */
class HonoContext {
  req = { routeIndex: 0 };
  finalized = false;
  #response;

  get res() {
    return this.#response;
  }
  set res(response) {
    this.#response = response;
    this.finalized = true;
  }
}

const repeat = (count, value) => Array.from({ length: count }, () => value);

export const contenders = {
  "argania, handler": (count, isAsync) =>
    arganiaTree(isAsync, (_root, kind, layer, set) => set(kind.wrappedIn(...repeat(count, layer)))),
  "argania, receiver": (count, isAsync) =>
    arganiaTree(isAsync, (root, kind, layer, set) => {
      set(kind);
      root.addLayerTo(argania._requestReceiver(repeat(count, layer)));
    }),
  "argania, passer": (count, isAsync) =>
    arganiaTree(isAsync, (root, kind, layer, set) => {
      set(kind);
      root.addLayerTo(argania._requestPasser(repeat(count, layer)));
    }),
  "koa-compose": (count, isAsync) => {
    const handler = (ctx) => {
      calls.handlers++;
      ctx.body = TEXT;
    };
    const composed = compose([...repeat(count, isAsync ? passAsync : passSync), handler]);
    const ask = async () => {
      const context = { body: undefined };
      await composed(context);
      return context.body;
    };
    return { call: () => composed({ body: undefined }), ask };
  },
  "hono compose": (count, isAsync) => {
    const handler = () => {
      calls.handlers++;
      return TEXT;
    };
    const composed = honoCompose(
      [...repeat(count, isAsync ? passAsync : passSync), handler].map((fn) => [[fn]]),
    );
    const call = () => composed(new HonoContext());
    return { call, ask: async () => (await call()).res };
  },
  "h3 (whole app)": (count, isAsync) => {
    const app = new H3();
    for (const layer of repeat(count, isAsync ? passAsync : passSync)) app.use(layer);
    app.get("/a", () => {
      calls.handlers++;
      return TEXT;
    });
    const request = new Request("http://localhost/a");
    const call = () => app.handler(new H3Event(request, undefined, app));
    return { call, ask: async () => call() };
  },
};
