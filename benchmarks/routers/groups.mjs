// What the routers are asked: groups of routes, and cells of requests for them.

import { randomRoutes } from "../lib/random-routes.mjs";

const DEPTHS = [1, 5, 10];
const SIZES = [10, 100, 1_000, 10_000, 100_000];

const get = (path) => ({ method: "GET", path });
const post = (path) => ({ method: "POST", path });

export const groupNames = ["hono", "chains", "chains-regex", ...SIZES.map((size) => `random-${size}`)];

/** `{ routes, cells: { name: requests }, readsParams: names of cells in which params are read, too }` */
export function groupOf(name) {
  if (name === "hono") return honoSet();
  if (name === "chains") return chains({ static: (level) => `s${level}`, wildcard: (level) => `:p${level}` });
  if (name === "chains-regex") return chains({ regex: (level) => `:p${level}(\\d+)` });
  const { routes, requests } = randomRoutes(Number(name.slice("random-".length)));
  return { routes, cells: { ...requests, "dynamic, params read": requests.dynamic } };
}

/** The routes and requests of Hono's own benchmark of routers. */
function honoSet() {
  const routes = numbered([
    get("/user"),
    get("/user/comments"),
    get("/user/avatar"),
    get("/user/lookup/username/:username"),
    get("/user/lookup/email/:address"),
    get("/event/:id"),
    get("/event/:id/comments"),
    post("/event/:id/comments"),
    post("/map/:location/events"),
    get("/status"),
    get("/very/deeply/nested/route/hello/there"),
    get("/static/*"),
  ]);
  const all = {
    "short static": [{ ...get("/user"), id: 0, names: [] }],
    "static with same radix": [{ ...get("/user/comments"), id: 1, names: [] }],
    dynamic: [{ ...get("/user/lookup/username/hey{n}"), id: 3, names: ["username"] }],
    "mixed static dynamic": [{ ...get("/event/abcd{n}/comments"), id: 6, names: ["id"] }],
    post: [{ ...post("/event/abcd{n}/comments"), id: 7, names: ["id"] }],
    "long static": [{ ...get("/very/deeply/nested/route/hello/there"), id: 10, names: [] }],
    wildcard: [{ ...get("/static/index{n}.html"), id: 11, names: [] }],
  };
  const together = Object.values(all).flat();
  return { routes, cells: { ...all, "all together": together, "all together, params read": together } };
}

/** Paths of one kind of segment only, one route for each depth. */
function chains(kinds) {
  const routes = [];
  const cells = {};
  for (const [kind, segment] of Object.entries(kinds)) {
    for (const depth of DEPTHS) {
      const levels = Array.from({ length: depth }, (_, index) => index);
      const id = routes.length;
      const path = `/${kind}${depth}/${levels.map(segment).join("/")}`;
      routes.push({ ...get(path), id });
      const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      const asked = path.replaceAll(/:\w+(\([^)]*\))?/g, "{n}");
      cells[`${kind}, depth ${depth}`] = [{ ...get(asked), id, names }];
    }
  }
  return { routes, cells };
}

const numbered = (routes) => routes.map((route, id) => ({ ...route, id }));
