import type { ResourcePattern } from "../pattern/resource-pattern.ts";
import { DuplicateCaptureNameError } from "./resource-errors.ts";
import type { ResourceNode } from "./resource-node.ts";

/**
 * Refuses a subtree that captures a name which a node above it, or the host, captures too.
 *
 * Throws a `DuplicateCaptureNameError` (`ARGANIA_DUPLICATE_CAPTURE_NAME`).
 */
export function assertNamesAreUnique(parent: ResourceNode, child: ResourceNode): void {
  if (!child.isLeaf) {
    assertBelow(child, namesAbove(parent));
    return;
  }
  // What is new has no children yet: nothing has to be kept of the names above it.
  for (const name of child.pattern?.captureNames ?? []) {
    if (isCapturedBy(parent, name)) {
      assertBelow(child, namesAbove(parent));
    }
  }
}

/** Whether a node captures the name, or one above it, or the host. */
function isCapturedBy(node: ResourceNode, name: string): boolean {
  for (let above = node; ; above = above.parent) {
    if (above.pattern?.captureNames.includes(name)) {
      return true;
    }
    if (above.parent === null) {
      return (
        above.host?.captureNames.includes(name) === true ||
        above.prefix.some((segment) => segment.captureNames.includes(name))
      );
    }
  }
}

/** Refuses a pattern that captures a name twice by itself, its host included. */
export function assertNamesAreUniqueInPattern({ text, host, segments }: ResourcePattern): void {
  if (host === null && segments.length === 1) {
    // A segment has seen to it itself.
    return;
  }
  const names = new Set<string>();
  for (const name of [host, ...segments].flatMap((pattern) => pattern?.captureNames ?? [])) {
    if (names.has(name)) {
      throw new DuplicateCaptureNameError(name, text, text);
    }
    names.add(name);
  }
}

/** The same for a whole tree, once its host is known. */
export function assertNamesAreUniqueInTree(root: ResourceNode): void {
  const owners: Owners = new Map();
  addHostAndPrefix(owners, root);
  for (const child of root.children()) {
    assertBelow(child, owners);
  }
}

/** Who captures which name: named only in errors, since writing a path out takes its time. */
type Owners = Map<string, () => string>;

/** Who captures which name on the way to a node, that node included. */
function namesAbove(node: ResourceNode): Owners {
  const owners: Owners = new Map();
  addHostAndPrefix(owners, node.root());
  for (let above: ResourceNode | null = node; above !== null; above = above.parent) {
    addOwn(owners, above);
  }
  return owners;
}

function addHostAndPrefix(owners: Owners, root: ResourceNode): void {
  for (const name of root.host?.captureNames ?? []) {
    owners.set(name, () => `http://${root.host?.text}`);
  }
  for (const name of root.prefix.flatMap((segment) => segment.captureNames)) {
    owners.set(name, () => root.path());
  }
}

function addOwn(owners: Owners, node: ResourceNode): void {
  for (const name of node.pattern?.captureNames ?? []) {
    owners.set(name, () => node.path());
  }
}

function assertBelow(node: ResourceNode, owners: Owners): void {
  const own = node.pattern?.captureNames ?? [];
  for (const name of own) {
    const existing = owners.get(name);
    if (existing !== undefined) {
      throw new DuplicateCaptureNameError(name, node.path(), existing());
    }
  }
  addOwn(owners, node);
  for (const child of node.children()) {
    assertBelow(child, owners);
  }
  for (const name of own) {
    owners.delete(name);
  }
}
