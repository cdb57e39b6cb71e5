import type { Route } from "../request/route.ts";
import { parseRoutePath, type TargetProblem } from "../request/route-path.ts";
import type { FinalResource, RegexChild } from "./final-resource.ts";
import { matchPlainTarget } from "./match-plain-target.ts";
import { matchRegex } from "./match-regex.ts";
import type { PathTree } from "./path-tree.ts";

/**
 * Finds where the path of a request leads in a tree, before anything of the user's runs, or what is wrong with it.
 *
 * Nothing that a handler or a layer does can change it. So layers are entered one after the other afterwards, and a
 * path that cannot be routed is refused before them.
 */
export function matchPath(tree: PathTree, route: Route): TargetProblem | null {
  const { target } = route;
  const known = tree.known.at(target);
  if (known !== null) {
    route.leadTo(known, true, known.endsWithSlash);
    return null;
  }
  const hostMatches = route.matches?.length ?? 0;
  if (matchPlainTarget(tree.table, route)) {
    return null;
  }
  route.forget(hostMatches);
  return matchDecoded(tree.root, route);
}

/** Any path, by its decoded segments: the definition of what matching is. Faster ways must lead to the same place. */
export function matchDecoded(root: FinalResource, route: Route): TargetProblem | null {
  const path = parseRoutePath(route.target);
  if (typeof path === "string") {
    return path;
  }
  route.path = path;
  const segments = path.segments();
  let resource = root;
  let depth = 0;
  for (; depth < segments.length; depth++) {
    const child = childFor(resource, segments[depth] as string, route);
    if (child === null) {
      break;
    }
    resource = child;
  }
  route.leadTo(resource, depth === segments.length, path.endsWithSlash);
  return null;
}

/** Static, then regexes in order, then the wildcard. The first that matches is taken; an empty segment matches none. */
function childFor(resource: FinalResource, segment: string, route: Route): FinalResource | null {
  if (segment === "") {
    return null;
  }
  const fixed = resource.statics.get(segment);
  if (fixed !== undefined) {
    return fixed;
  }
  const matching = matchRegex(resource.regexes, segment, route);
  return matching < 0 ? resource.wildcard : (resource.regexes[matching] as RegexChild).resource;
}
