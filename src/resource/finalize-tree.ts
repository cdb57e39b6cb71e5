import { type DefinitionError, InvalidTreeError } from "../common/definition-error.ts";
import type { NodeDescription } from "../handler/node-description.ts";
import type { ServiceRoot } from "../handler/service-root.ts";
import type { SegmentPattern } from "../pattern/segment-pattern.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { Route } from "../request/route.ts";
import { describeDefinition } from "./describe-node.ts";
import { finalizeNode, NOTHING_INHERITED } from "./finalize-node.ts";
import { matchPath } from "./match-path.ts";
import { PathTree } from "./path-tree.ts";
import { placeNode } from "./place-node.ts";
import { passOn } from "./request-passer.ts";
import { AlreadyInTreeError, HostWithoutRouterError } from "./resource-errors.ts";
import { ResourceNode } from "./resource-node.ts";

/**
 * Turns a tree of its own into one that serves, and freezes it.
 *
 * Throws an `InvalidTreeError` with every problem of the tree; then nothing is frozen.
 */
export function finalizeTree(node: ResourceNode): ServiceRoot {
  const { prefix } = node;
  const root = rootFor(node);
  const problems: DefinitionError[] = [];
  const final = finalizeNode(root, NOTHING_INHERITED, problems);
  if (problems.length > 0) {
    if (root !== node) {
      takeOut(node, prefix);
    }
    throw new InvalidTreeError(problems);
  }
  root.isFrozenRoot = true;
  const tree = new PathTree(final);
  return Object.freeze({
    match: (route: Route) => matchPath(tree, route),
    enter: (route: Route, context: RequestContext) => passOn(route, context, 0),
    describe: (): NodeDescription => describeDefinition(root),
  });
}

/** A service begins at the root: a resource further in is put under one, at the path that its pattern has. */
function rootFor(node: ResourceNode): ResourceNode {
  if (node.parent !== null) {
    throw new AlreadyInTreeError(node.path(), "become a service by itself: make the service of its root");
  }
  if (node.host !== null) {
    throw new HostWithoutRouterError(node.path());
  }
  if (node.pattern === null) {
    return node;
  }
  const root = new ResourceNode(null);
  placeNode(root, node);
  return root;
}

/** Undoes what `rootFor` has done, so that the tree can be mended and made a service then. */
function takeOut(node: ResourceNode, prefix: readonly SegmentPattern[]): void {
  node.parent?.removeChild(node);
  node.parent = null;
  node.prefix = prefix;
}
