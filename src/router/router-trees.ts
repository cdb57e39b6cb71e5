import type { HostPattern } from "../pattern/host-pattern.ts";
import type { ResourcePattern } from "../pattern/resource-pattern.ts";
import type { PatternOptions } from "../pattern/segment-pattern.ts";
import { assertNamesAreUniqueInTree } from "../resource/capture-names.ts";
import { mergeNodes } from "../resource/merge-nodes.ts";
import { findNode, getOrCreateNode, isSameHost, placeNode, placeNodeUnder } from "../resource/place-node.ts";
import { AlreadyInTreeError } from "../resource/resource-errors.ts";
import { ResourceNode } from "../resource/resource-node.ts";

/** The trees of a router while it is being defined: one for each host pattern, and one without. */
export class RouterTrees {
  readonly #options: PatternOptions;
  readonly #hosts: ResourceNode[] = [];
  readonly #staticHosts = new Map<string, ResourceNode>();
  #hostless: ResourceNode | null = null;
  readonly #kept = new WeakSet<ResourceNode>();

  constructor(options: PatternOptions) {
    this.#options = options;
  }

  /** Those with hosts in order of definition, then the one without. */
  roots(): readonly ResourceNode[] {
    return [...this.#hosts, ...(this.#hostless === null ? [] : [this.#hostless])];
  }

  /** Adds a whole tree under the host of its root. */
  addRoot(root: ResourceNode): void {
    root.assertMutable("change the place");
    const existing = this.#rootFor(root.host);
    if (this.#kept.has(root)) {
      throw new AlreadyInTreeError(root.path(), "be added to its router again");
    }
    if (existing === null) {
      this.#keep(root);
    } else {
      mergeNodes(existing, root);
    }
  }

  addResource(node: ResourceNode): void {
    if (node.pattern === null && node.parent === null) {
      if (node.isOwned) {
        throw new AlreadyInTreeError(node.path(), "be added to a router");
      }
      assertNamesAreUniqueInTree(node);
      this.addRoot(node);
    } else {
      this.#within(node.host, (root) => placeNode(root, node));
    }
  }

  addResourceUnder(pattern: ResourcePattern, node: ResourceNode): void {
    this.#within(pattern.host, (root) => placeNodeUnder(root, pattern, node));
  }

  getOrCreate(pattern: ResourcePattern): ResourceNode {
    return this.#within(pattern.host, (root) => getOrCreateNode(root, pattern));
  }

  find(pattern: ResourcePattern): ResourceNode | null {
    const root = this.#rootFor(pattern.host);
    return root !== null && findNode(root, pattern) !== null ? getOrCreateNode(root, pattern) : null;
  }

  /** Works on the root for a host. A new root is kept only when the work succeeds: an empty host would answer 404. */
  #within<T>(host: HostPattern | null, work: (root: ResourceNode) => T): T {
    const existing = this.#rootFor(host);
    const root = existing ?? this.#newRoot(host);
    const result = work(root);
    if (existing === null) {
      this.#keep(root);
    }
    return result;
  }

  #newRoot(host: HostPattern | null): ResourceNode {
    const root = new ResourceNode(null, [], host);
    root.ownPatternOptions = this.#options;
    return root;
  }

  #rootFor(host: HostPattern | null): ResourceNode | null {
    if (host === null) {
      return this.#hostless;
    }
    return host.kind === "static"
      ? (this.#staticHosts.get(host.value) ?? null)
      : (this.#hosts.find((root) => isSameHost(root.host, host)) ?? null);
  }

  #keep(root: ResourceNode): void {
    root.isOwned = true;
    this.#kept.add(root);
    if (root.host === null) {
      this.#hostless = root;
      return;
    }
    this.#hosts.push(root);
    if (root.host.kind === "static") {
      this.#staticHosts.set(root.host.value, root);
    }
  }
}
