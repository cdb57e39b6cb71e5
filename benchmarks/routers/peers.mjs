// The routers, each with the least that it takes to get from a method and a path to a route and its params.
// `limit` is the number of routes up to which a router can be built and asked in bearable time.

import findMyWay from "find-my-way";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { TrieRouter } from "hono/router/trie-router";
import { Memoirist } from "memoirist";
import { addRoute, createRouter, findRoute } from "rou3";
import { compileRouter } from "rou3/compiler";
import { Trouter } from "trouter";
import { buildMatcher } from "../lib/argania-matcher.mjs";

const data = (found) => found.data;
const store = (found) => found.store;
const namedParam = (found, name) => found.params[name];

function rou3Of(routes) {
  const router = createRouter();
  for (const { method, path, id } of routes) addRoute(router, method, path.replace("/*", "/**:rest"), id);
  return router;
}

/** For routers in which the route that was added first wins: as a user would order them, params after static text. */
function specificFirst(routes) {
  const key = (path) => path.replaceAll(/:\w+/g, "~");
  return [...routes].sort((a, b) => (key(a.path) < key(b.path) ? -1 : 1));
}

function honoOf(router, routes) {
  for (const { method, path, id } of specificFirst(routes))
    router.add(method, path.replace(/\(([^)]*)\)/g, "{$1}"), id);
  return router;
}

export const contenders = {
  argania: { limit: Number.POSITIVE_INFINITY, hasRegex: true, build: buildMatcher },
  memoirist: {
    limit: Number.POSITIVE_INFINITY,
    hasRegex: false,
    build(routes) {
      const router = new Memoirist();
      for (const { method, path, id } of routes) router.add(method, path, id);
      return { match: (method, path) => router.find(method, path), idOf: store, param: namedParam };
    },
  },
  "find-my-way": {
    limit: Number.POSITIVE_INFINITY,
    hasRegex: true,
    build(routes) {
      const router = findMyWay();
      for (const { method, path, id } of routes) router.on(method, path, () => {}, { id });
      const match = (method, path) => router.find(method, path);
      return { match, idOf: (found) => found.store.id, param: namedParam };
    },
  },
  rou3: {
    limit: Number.POSITIVE_INFINITY,
    hasRegex: true,
    build(routes) {
      const router = rou3Of(routes);
      return { match: (method, path) => findRoute(router, method, path), idOf: data, param: namedParam };
    },
  },
  "rou3 compiled": {
    limit: 10_000,
    hasRegex: true,
    build: (routes) => ({ match: compileRouter(rou3Of(routes)), idOf: data, param: namedParam }),
  },
  "hono RegExpRouter": {
    limit: 1_000,
    hasRegex: true,
    build(routes) {
      const router = honoOf(new RegExpRouter(), routes);
      const match = (method, path) => {
        const found = router.match(method, path);
        return found[0].length === 0 ? null : found;
      };
      // Its params are positions in the match that comes with them.
      return { match, idOf: ([[[id]]]) => id, param: ([[[, params]], stash], name) => stash[params[name]] };
    },
  },
  "hono TrieRouter": {
    limit: 10_000,
    hasRegex: true,
    build(routes) {
      const router = honoOf(new TrieRouter(), routes);
      const match = (method, path) => {
        const found = router.match(method, path);
        return found[0].length === 0 ? null : found;
      };
      return { match, idOf: ([[[id]]]) => id, param: ([[[, params]]], name) => params[name] };
    },
  },
  trouter: {
    limit: 1_000,
    hasRegex: false,
    build(routes) {
      const router = new Trouter();
      for (const { method, path, id } of specificFirst(routes)) router.add(method, path, id);
      const match = (method, path) => {
        const found = router.find(method, path);
        return found.handlers.length === 0 ? null : found;
      };
      return { match, idOf: ({ handlers }) => handlers[0], param: namedParam };
    },
  },
};
