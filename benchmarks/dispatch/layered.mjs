// Calls through a number of layers that only pass on, in process. Each entry makes one; a call gives what the
// framework gives, a promise or not.

import { H3, H3Event } from "h3";
import compose from "koa-compose";
import { bundleUrl } from "../lib/paths.mjs";

const argania = await import(bundleUrl);
const { NO_AUTHORITY, Resource, RequestContext, Route, _get, around, finalizeTree } = argania;
// Not among the exports of the package.
const { compose: honoCompose } = await import(
  new URL("../node_modules/hono/dist/compose.js", import.meta.url)
);

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
    return argania.text("Hello");
  };
  addLayers(root, _get, layer, (kind) => root.subresource("/a").setHandlerFor(kind.to(handler)));
  const tree = finalizeTree(Resource.nodeOf(root));
  const source = { method: "GET" };
  return () => {
    const route = new Route("/a", NO_AUTHORITY);
    tree.match(route);
    return tree.enter(route, new RequestContext(source, route));
  };
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
      ctx.body = "Hello";
    };
    const composed = compose([...repeat(count, isAsync ? passAsync : passSync), handler]);
    return () => composed({ body: undefined });
  },
  "hono compose": (count, isAsync) => {
    const handler = () => {
      calls.handlers++;
      return "Hello";
    };
    const composed = honoCompose(
      [...repeat(count, isAsync ? passAsync : passSync), handler].map((fn) => [[fn]]),
    );
    return () => composed({ req: { routeIndex: 0 }, finalized: false, res: undefined });
  },
  "h3 (whole app)": (count, isAsync) => {
    const app = new H3();
    for (const layer of repeat(count, isAsync ? passAsync : passSync)) app.use(layer);
    app.get("/a", () => {
      calls.handlers++;
      return "Hello";
    });
    const request = new Request("http://localhost/a");
    return () => app.handler(new H3Event(request, undefined, app));
  },
};
