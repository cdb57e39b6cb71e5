// Argania's tree as a router: from a method and a path to the handler and its params, as a service does it for each
// request. Beside what the peers do it refuses paths that are malformed and minds trailing slashes.

import { bundleUrl } from "./paths.mjs";

const { NO_AUTHORITY, Resource, Route, finalizeTree, ...kinds } = await import(bundleUrl);

const MISS = null;

/** A miss is told by a handler for mistargeted requests: the error of a 404 is no part of matching. */
export function buildMatcher(routes) {
  const root = new Resource("/");
  for (const { method, path, id } of routes) {
    const kind = method === "GET" ? kinds._get : kinds._post;
    const resource = path === "/" ? root : root.subresource(patternOf(path));
    resource.setHandlerFor(
      kind.to((found) => {
        found.id = id;
        return found;
      }),
    );
  }
  root.setHandlerFor(kinds._mistargetedRequest.to(() => MISS));
  const tree = finalizeTree(Resource.nodeOf(root));
  return {
    match: (method, path) => {
      // In place of a request's context, which is no part of matching either.
      const found = new Found(method, new Route(path, NO_AUTHORITY));
      return tree.match(found.route) === null ? tree.enter(found.route, found) : MISS;
    },
    idOf: (found) => found.id,
    param: (found, name) => found.route.params()[name],
  };
}

class Found {
  constructor(method, route) {
    this.method = method;
    this.route = route;
    this.id = -1;
  }
}

/** `/a/:b`, `/a/:b(\\d+)` and `/a/*` as Argania writes them. */
export function patternOf(path) {
  if (path.endsWith("/*")) return `${path.slice(0, -2)} *`;
  return path.replaceAll(/:(\w+)(?:\(([^)]*)\))?/g, (_, name, regex) =>
    regex === undefined ? `{${name}}` : `{${name}:${regex}}`,
  );
}
