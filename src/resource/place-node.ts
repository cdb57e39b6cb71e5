import type { HostPattern } from "../pattern/host-pattern.ts";
import type { ResourcePattern } from "../pattern/resource-pattern.ts";
import { formatPath } from "../pattern/resource-pattern.ts";
import type { SegmentPattern } from "../pattern/segment-pattern.ts";
import { attachChild, findChild } from "./merge-nodes.ts";
import { isSameConfig } from "./resource-config.ts";
import {
  AlreadyInTreeError,
  MismatchingSymbolsError,
  RootSubresourceError,
  WrongHostError,
  WrongPrefixError,
} from "./resource-errors.ts";
import { ResourceNode } from "./resource-node.ts";

/**
 * Puts a whole resource below `parent`. A pattern of one segment is a child; a longer one is a path from the root,
 * whose beginning must be the parent's path; the resources between are made (CONTRACT §4).
 */
export function placeNode(parent: ResourceNode, node: ResourceNode): void {
  assertPlaceable(parent, node);
  const between = node.prefix.length === 0 ? [] : segmentsBetween(parent, node);
  if (between.length === 0) {
    attachChild(parent, node);
    return;
  }
  // Built on the side first, so that a refusal leaves no empty resources behind.
  const { top, bottom } = chainOf(between, 0);
  const saved = { prefix: node.prefix, host: node.host };
  node.prefix = [];
  node.host = null;
  try {
    attachChild(bottom, node);
    attachChild(parent, top);
  } catch (error) {
    detach(bottom, node, saved);
    throw error;
  }
}

/** Gets the resource that `pattern`, relative to `parent`, names, or makes it and those between. */
export function getOrCreateNode(parent: ResourceNode, pattern: ResourcePattern): ResourceNode {
  const { segments } = pattern;
  let node = parent;
  let found = 0;
  for (; found < segments.length; found++) {
    const child = findChild(node, segments[found] as SegmentPattern);
    if (child === undefined) {
      break;
    }
    node = child;
  }
  if (found < segments.length) {
    node.assertMutable("add a subresource");
    const { top, bottom } = chainOf(segments, found);
    bottom.configure(pattern);
    attachChild(node, top);
    return bottom;
  }
  configureExisting(node, pattern);
  return node;
}

/** Puts a whole resource below the one at `pattern`; what was made or configured for it is undone when it is refused. */
export function placeNodeUnder(parent: ResourceNode, pattern: ResourcePattern, node: ResourceNode): void {
  let deepest = parent;
  for (const segment of pattern.segments) {
    const child = findChild(deepest, segment);
    if (child === undefined) {
      break;
    }
    deepest = child;
  }
  const { config, hasExplicitConfig } = deepest;
  const target = getOrCreateNode(parent, pattern);
  try {
    placeNode(target, node);
  } catch (error) {
    deepest.config = config;
    deepest.hasExplicitConfig = hasExplicitConfig;
    for (let made: ResourceNode | null = target; made !== null && made !== deepest; made = made.parent) {
      made.parent?.removeChild(made);
    }
    throw error;
  }
}

/** The resource that `pattern`, relative to `parent`, names, if it exists. */
export function findNode(parent: ResourceNode, pattern: ResourcePattern): ResourceNode | null {
  let node: ResourceNode | undefined = parent;
  for (const segment of pattern.segments) {
    node = findChild(node, segment);
    if (node === undefined) {
      return null;
    }
  }
  return node;
}

/** Whether both name the same host, or neither names one. */
export function isSameHost(one: HostPattern | null, other: HostPattern | null): boolean {
  return one === null || other === null ? one === other : one.isSame(other);
}

function configureExisting(node: ResourceNode, pattern: ResourcePattern): void {
  if (!pattern.hasExplicitConfig) {
    return;
  }
  if (node.hasEffect() || node.hasExplicitConfig) {
    if (!isSameConfig(node.config, pattern)) {
      throw new MismatchingSymbolsError(pattern.text, node.path());
    }
  } else {
    node.assertMutable("change the configuration");
    node.configure(pattern);
  }
}

function assertPlaceable(parent: ResourceNode, node: ResourceNode): void {
  parent.assertMutable("add a subresource");
  node.assertMutable("change the place");
  if (node.pattern === null) {
    throw new RootSubresourceError(parent.path());
  }
  if (node.parent !== null || node === parent.root()) {
    throw new AlreadyInTreeError(node.path(), `be added below "${parent.path()}"`);
  }
  if (node.host !== null && !isSameHost(node.host, parent.root().host)) {
    throw new WrongHostError(node.path(), parent.path());
  }
}

function segmentsBetween(parent: ResourceNode, node: ResourceNode): readonly SegmentPattern[] {
  const parentSegments = parent.segments();
  const fits =
    node.prefix.length >= parentSegments.length &&
    parentSegments.every((segment, index) => segment.isSame(node.prefix[index] as SegmentPattern));
  if (!fits) {
    throw new WrongPrefixError(node.path(), formatPath(parentSegments));
  }
  return node.prefix.slice(parentSegments.length);
}

/** New nodes for the segments from the one at `start` on. */
function chainOf(
  segments: readonly SegmentPattern[],
  start: number,
): { top: ResourceNode; bottom: ResourceNode } {
  const top = new ResourceNode(segments[start] as SegmentPattern);
  let bottom = top;
  for (let at = start + 1; at < segments.length; at++) {
    const below = new ResourceNode(segments[at] as SegmentPattern);
    attachChild(bottom, below);
    bottom = below;
  }
  return { top, bottom };
}

function detach(
  parent: ResourceNode,
  node: ResourceNode,
  saved: { prefix: readonly SegmentPattern[]; host: HostPattern | null },
): void {
  parent.removeChild(node);
  node.parent = null;
  node.prefix = saved.prefix;
  node.host = saved.host;
}
