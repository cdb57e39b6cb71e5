// Random trees of routes as APIs have them, and requests whose answer every router agrees on: routers differ in whether
// they go back to a param after a static segment has led nowhere, so no request here depends on it.

import { randomFrom } from "./random.mjs";

const SYLLABLES = "ba co du fe gi ha jo ku le mi no pa qui ro sa te vu wy xe zo".split(" ");
const REQUESTS = 256;

/** `count` routes, and for each kind (static, dynamic, miss) templates of paths in which `{n}` is a fresh value. */
export function randomRoutes(count, seed = count) {
  const random = randomFrom(seed);
  const tree = newNode();
  const routes = [];
  while (routes.length < count) {
    const path = grow(tree, random, count);
    if (path !== null) routes.push({ method: "GET", path, id: routes.length });
  }
  const requests = { static: [], dynamic: [], miss: [] };
  for (
    let tries = 0;
    tries < 40_000 && Object.values(requests).some(({ length }) => length < REQUESTS);
    tries++
  ) {
    const route = random.pick(routes);
    const hit = { method: "GET", path: fillParams(route.path), id: route.id, names: paramNames(route.path) };
    const kind = hit.names.length === 0 ? "static" : "dynamic";
    if (requests[kind].length < REQUESTS) requests[kind].push(hit);
    const missing = missFor(hit.path, random);
    if (requests.miss.length < REQUESTS && !matches(tree, missing.slice(1).split("/"), 0)) {
      requests.miss.push({ method: "GET", path: missing, id: -1, names: [] });
    }
  }
  return { routes, requests };
}

const newNode = () => ({ statics: new Map(), param: null, isRoute: false });
const paramNames = (path) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
const fillParams = (path) => path.replaceAll(/:\w+/g, "v{n}");

function word(random, count) {
  // The more routes, the more words: a node has a handful of children in a small tree, and hundreds in a large one.
  const length = count > 1_000 && random.next() < 0.6 ? 3 : 2;
  return Array.from({ length }, () => random.pick(SYLLABLES)).join("");
}

/** Adds one route below existing nodes where chance has it so; `null` when there is one already. */
function grow(tree, random, count) {
  let node = tree;
  let path = "";
  const depth = 1 + random.below(6);
  for (let level = 1; level <= depth; level++) {
    if (level > 1 && random.next() < 0.3) {
      node.param ??= newNode();
      node = node.param;
      path += `/:p${level}`;
      continue;
    }
    const known = [...(node.statics.size < 200 ? node.statics.keys() : [])];
    const segment = known.length > 0 && random.next() < 0.5 ? random.pick(known) : word(random, count);
    if (!node.statics.has(segment)) node.statics.set(segment, newNode());
    node = node.statics.get(segment);
    path += `/${segment}`;
  }
  if (node.isRoute) return null;
  node.isRoute = true;
  return path;
}

/** A path that goes wrong early, at its end, or one segment too far. */
function missFor(path, random) {
  const segments = path.slice(1).split("/");
  const place = random.below(3);
  if (place === 0) segments[0] = `no${segments[0]}`;
  else if (place === 1) segments[segments.length - 1] = `no${segments.at(-1)}{n}`;
  else segments.push("no{n}");
  return `/${segments.join("/")}`;
}

/** Whether a router that tries everything would find a route. */
function matches(node, segments, index) {
  if (index === segments.length) return node.isRoute;
  const child = node.statics.get(segments[index]);
  if (child !== undefined && matches(child, segments, index + 1)) return true;
  return node.param !== null && matches(node.param, segments, index + 1);
}
