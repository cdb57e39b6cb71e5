import { overlayProperties } from "../common/property.ts";
import type { SegmentPattern } from "../pattern/segment-pattern.ts";
import { assertNamesAreUnique } from "./capture-names.ts";
import { isSameConfig } from "./resource-config.ts";
import {
  ConflictingResourcesError,
  MismatchingSymbolsError,
  SecondWildcardError,
} from "./resource-errors.ts";
import type { ResourceNode } from "./resource-node.ts";

/**
 * Puts `child`, a subtree without a parent, below `parent`.
 *
 * Where a resource with the same pattern exists, the two become one when at most one of them has an effect
 * (CONTRACT §4). Everything is checked before anything is changed, so that a refusal leaves both trees as they were.
 */
export function attachChild(parent: ResourceNode, child: ResourceNode): void {
  assertNamesAreUnique(parent, child);
  assertAttachable(parent, child);
  attach(parent, child);
}

/** Makes `incoming` a part of `existing`, which has the same pattern; both may be roots. */
export function mergeNodes(existing: ResourceNode, incoming: ResourceNode): void {
  existing.assertMutable("add a resource");
  assertMergeable(existing, incoming);
  merge(existing, incoming);
}

/** The child with the same pattern, if there is one. */
export function findChild(parent: ResourceNode, pattern: SegmentPattern): ResourceNode | undefined {
  switch (pattern.kind) {
    case "static":
      return parent.statics.get(pattern.value);
    case "regex":
      return parent.regexes.find((child) => child.pattern?.isSame(pattern));
    case "wildcard":
      return parent.wildcard?.pattern?.isSame(pattern) ? parent.wildcard : undefined;
  }
}

function assertAttachable(parent: ResourceNode, child: ResourceNode): void {
  const pattern = child.pattern as SegmentPattern;
  const existing = findChild(parent, pattern);
  if (existing !== undefined) {
    assertMergeable(existing, child);
  } else if (pattern.kind === "wildcard" && parent.wildcard !== null) {
    throw new SecondWildcardError(child.path(), parent.wildcard.path());
  }
}

function assertMergeable(existing: ResourceNode, incoming: ResourceNode): void {
  if (existing.hasEffect() && incoming.hasEffect()) {
    throw new ConflictingResourcesError(incoming.path(), existing.path());
  }
  if (existing.hasExtension && incoming.hasExtension) {
    throw new ConflictingResourcesError(incoming.path(), existing.path(), "an extension");
  }
  if (isSettled(existing) && isSettled(incoming) && !isSameConfig(existing.config, incoming.config)) {
    // A bare pattern without handlers says nothing about slashes; every other one means what it says.
    if (incoming.hasExplicitConfig || existing.hasExplicitConfig) {
      throw new MismatchingSymbolsError(incoming.path(), existing.path());
    }
  }
  for (const child of incoming.children()) {
    assertAttachable(existing, child);
  }
}

function attach(parent: ResourceNode, child: ResourceNode): void {
  const pattern = child.pattern as SegmentPattern;
  const existing = findChild(parent, pattern);
  if (existing !== undefined) {
    merge(existing, child);
    return;
  }
  child.attachTo(parent);
  parent.setChild(child);
}

function merge(existing: ResourceNode, incoming: ResourceNode): void {
  if (incoming.hasExplicitConfig || (incoming.hasEffect() && !existing.hasExplicitConfig)) {
    existing.config = incoming.config;
    existing.hasExplicitConfig = incoming.hasExplicitConfig;
  }
  existing.ownPatternOptions ??= incoming.ownPatternOptions;
  for (const handler of incoming.methodHandlers) {
    existing.addMethodHandler(handler);
  }
  existing.wildcardMethod ??= incoming.wildcardMethod;
  existing.mistargetedRequest ??= incoming.mistargetedRequest;
  existing.addLayers(incoming.layers);
  if (incoming.hasExtension) {
    existing.hasExtension = true;
    existing.extension = incoming.extension;
  }
  existing.properties = overlayProperties(existing.properties, incoming.properties);
  for (const child of incoming.children()) {
    attach(existing, child);
  }
  incoming.mergedInto = existing;
}

function isSettled(node: ResourceNode): boolean {
  return node.hasExplicitConfig || node.hasEffect();
}
