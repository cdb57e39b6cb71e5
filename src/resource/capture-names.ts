import type { ResourcePattern } from "../pattern/resource-pattern.ts";
import { DuplicateCaptureNameError } from "./resource-errors.ts";
import type { ResourceNode } from "./resource-node.ts";

/**
 * Refuses a subtree that captures a name which a node above it, or the host, captures too.
 *
 * Throws a `DuplicateCaptureNameError` (`ARGANIA_DUPLICATE_CAPTURE_NAME`).
 */
export function assertNamesAreUnique(parent: ResourceNode, child: ResourceNode): void {
  assertBelow(child, namesAbove(parent));
}

/** Refuses a pattern that captures a name twice by itself, its host included. */
export function assertNamesAreUniqueInPattern({ text, host, segments }: ResourcePattern): void {
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
  const names = new Map<string, string>();
  for (const name of root.host?.captureNames ?? []) {
    names.set(name, `http://${root.host?.text}`);
  }
  for (const child of root.children()) {
    assertBelow(child, names);
  }
}

/** Who captures which name on the way to a node, that node included. */
function namesAbove(node: ResourceNode): Map<string, string> {
  const root = node.root();
  const names = new Map<string, string>();
  for (const name of root.host?.captureNames ?? []) {
    names.set(name, `http://${root.host?.text}`);
  }
  for (const prefix of root.prefix) {
    for (const name of prefix.captureNames) {
      names.set(name, root.path());
    }
  }
  for (let above: ResourceNode | null = node; above !== null; above = above.parent) {
    for (const name of above.pattern?.captureNames ?? []) {
      names.set(name, above.path());
    }
  }
  return names;
}

function assertBelow(node: ResourceNode, namesAbove: ReadonlyMap<string, string>): void {
  const own = node.pattern?.captureNames ?? [];
  for (const name of own) {
    const existing = namesAbove.get(name);
    if (existing !== undefined) {
      throw new DuplicateCaptureNameError(name, node.path(), existing);
    }
  }
  const names = own.length === 0 ? namesAbove : new Map(namesAbove);
  for (const name of own) {
    (names as Map<string, string>).set(name, node.path());
  }
  for (const child of node.children()) {
    assertBelow(child, names);
  }
}
