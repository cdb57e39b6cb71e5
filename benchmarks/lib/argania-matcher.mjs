// Argania's tree as a router: what happens between the request target and the handler, without node:http around it.
// That is more than the peers do: the target is parsed and checked, a context is made, and the handler is called.

import { bundleUrl } from "./paths.mjs";

const { NO_AUTHORITY, Resource, RequestContext, Route, finalizeTree, parseRoutePath, ...kinds } =
  await import(bundleUrl);

const MISS = null;

/** A miss is told by a handler for mistargeted requests: the error of a 404 is no part of matching. */
export function buildMatcher(routes) {
  const root = new Resource("/");
  for (const { method, path, id } of routes) {
    const kind = method === "GET" ? kinds._get : kinds._post;
    const resource = path === "/" ? root : root.subresource(patternOf(path));
    resource.setHandlerFor(kind.to((context) => ({ id, context })));
  }
  root.setHandlerFor(kinds._mistargetedRequest.to(() => MISS));
  const tree = finalizeTree(Resource.nodeOf(root));
  return {
    match: (method, path) => {
      const route = new Route(parseRoutePath(path), NO_AUTHORITY);
      return tree.enter(route, new RequestContext({ method }, route));
    },
    idOf: (found) => found.id,
    param: (found, name) => found.context.params[name],
  };
}

/** `/a/:b`, `/a/:b(\\d+)` and `/a/*` as Argania writes them. */
export function patternOf(path) {
  if (path.endsWith("/*")) return `${path.slice(0, -2)} *`;
  return path.replaceAll(/:(\w+)(?:\(([^)]*)\))?/g, (_, name, regex) =>
    regex === undefined ? `{${name}}` : `{${name}:${regex}}`,
  );
}
