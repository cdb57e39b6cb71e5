import { type DefinitionError, InvalidTreeError } from "../common/definition-error.ts";
import type { NodeDescription } from "../handler/node-description.ts";
import type { ServiceRoot } from "../handler/service-root.ts";
import type { HostPattern } from "../pattern/host-pattern.ts";
import type { RegexPattern } from "../pattern/segment-pattern.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { CaptureSlot, Route } from "../request/route.ts";
import { parseRoutePath, type TargetProblem } from "../request/route-path.ts";
import type { FinalResource } from "../resource/final-resource.ts";
import { finalizeNode, type Inherited, NOTHING_INHERITED } from "../resource/finalize-node.ts";
import { matchPath } from "../resource/match-path.ts";
import { PathTree } from "../resource/path-tree.ts";
import { passOn } from "../resource/request-passer.ts";
import type { ResourceNode } from "../resource/resource-node.ts";
import { NOT_FOUND } from "../response/routing-errors.ts";
import { describeHost } from "./describe-host.ts";

/** A regex host that serves, with its tree. */
export interface FinalRegexHost {
  readonly pattern: RegexPattern;
  readonly tree: PathTree;
}

/** The hosts of a service in their final form: static by name, then regexes in their order. */
export class FinalHosts {
  readonly #statics = new Map<string, PathTree>();
  readonly #regexes: FinalRegexHost[] = [];

  add(pattern: HostPattern, root: FinalResource): void {
    const tree = new PathTree(root);
    if (pattern.kind === "static") {
      this.#statics.set(pattern.value, tree);
    } else {
      this.#regexes.push(Object.freeze({ pattern, tree }));
    }
  }

  /** The tree of the request's host, with what the host captures recorded in the route. */
  match(route: Route): PathTree | null {
    const { host } = route.authority;
    const tree = this.#statics.get(host);
    if (tree !== undefined) {
      return tree;
    }
    for (const regex of this.#regexes) {
      const match = regex.pattern.match(host);
      if (match !== null) {
        route.record(match);
        return regex.tree;
      }
    }
    return null;
  }
}

/** The final tree of one host. Its captures come before those of the path. */
export function finalizeHostTree(
  root: ResourceNode,
  inherited: Inherited,
  problems: DefinitionError[],
): FinalResource {
  const host = root.host as HostPattern;
  if (host.kind === "static") {
    return finalizeNode(root, inherited, problems);
  }
  const captures: CaptureSlot[] = host.captures.map(({ name, group }) => ({
    name,
    index: 0,
    depth: 0,
    group,
    isHost: true,
  }));
  return finalizeNode(root, { ...inherited, captures, matchCount: 1 }, problems);
}

/** A host by itself, ready to be a service. */
export function finalizeHost(root: ResourceNode): ServiceRoot {
  const problems: DefinitionError[] = [];
  const hosts = new FinalHosts();
  hosts.add(root.host as HostPattern, finalizeHostTree(root, NOTHING_INHERITED, problems));
  if (problems.length > 0) {
    throw new InvalidTreeError(problems);
  }
  root.isFrozenRoot = true;
  return Object.freeze({
    match: (route: Route) => matchIn(hosts.match(route), route),
    enter: (route: Route, context: RequestContext) => enterMatched(route, context),
    describe: (): NodeDescription => describeHost(root),
  });
}

/** Where the path leads in the tree of the request's host; without one it must be well-formed all the same. */
export function matchIn(tree: PathTree | null, route: Route): TargetProblem | null {
  if (tree !== null) {
    return matchPath(tree, route);
  }
  const path = parseRoutePath(route.target);
  if (typeof path === "string") {
    return path;
  }
  route.path = path;
  return null;
}

/** Hands a request to the tree of its host; 404 when there is none. */
export function enterMatched(route: Route, context: RequestContext): unknown {
  return route.stop === null ? NOT_FOUND : passOn(route, context, 0);
}
