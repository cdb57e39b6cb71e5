import { assertNoMore } from "../common/assert-no-more.ts";
import { describeAsText, type NodeDescription } from "../handler/node-description.ts";
import { type Service, serviceOf } from "../handler/service.ts";
import type { ServiceOptions } from "../handler/service-options.ts";
import { assertPatternOptions } from "../pattern/assert-pattern-options.ts";
import { parseHostPattern } from "../pattern/host-pattern.ts";
import type { PatternOptions } from "../pattern/segment-pattern.ts";
import { assertNamesAreUniqueInTree } from "../resource/capture-names.ts";
import { isSameHost } from "../resource/place-node.ts";
import { type AnyResource, Resource } from "../resource/resource.ts";
import { AlreadyInTreeError, WrongHostError } from "../resource/resource-errors.ts";
import type { ResourceNode } from "../resource/resource-node.ts";
import { describeHost } from "./describe-host.ts";
import { finalizeHost } from "./final-host.ts";
import { HostRootError } from "./host-errors.ts";

const ROOT_ADVICE = "new Host(pattern, root), and root.addSubresource([a, b])";

/**
 * Guards a tree with the pattern of a host, static or regex. It has no components of its own: layers for the whole
 * host go to the receiver of its root.
 *
 * @example
 * ```ts
 * router.addHost([new Host("api.example.com", api), new Host("{tenant}.example.com", tenants)]);
 * ```
 * Source: argan, `Host`.
 */
export class Host {
  readonly #root: ResourceNode;
  readonly #options: PatternOptions;

  /**
   * @param pattern `example.com`, `{tenant}.example.com`; never a wildcard
   * @param root the resource `/` of this host
   *
   * Throws `ARGANIA_PATTERN`, `ARGANIA_HOST_ROOT` for a resource that is no root, `ARGANIA_WRONG_HOST` for one of
   * another host, `ARGANIA_ALREADY_IN_TREE`, `ARGANIA_DUPLICATE_CAPTURE_NAME`.
   */
  constructor(pattern: string, root: AnyResource, options?: PatternOptions);
  constructor(pattern: string, root: AnyResource, options: PatternOptions = {}, ...more: unknown[]) {
    assertPatternOptions("Host", options, ROOT_ADVICE);
    assertNoMore(more, "Host takes a pattern, a root and options", ROOT_ADVICE);
    const parsed = parseHostPattern(pattern, options);
    const node = Resource.nodeOf(root);
    node.assertMutable("change the host");
    if (node.pattern !== null || node.parent !== null) {
      throw new HostRootError(pattern, node.path());
    }
    if (node.host !== null && !isSameHost(node.host, parsed)) {
      throw new WrongHostError(node.path(), `http://${parsed.text}/`);
    }
    if (node.isOwned) {
      throw new AlreadyInTreeError(node.path(), `become the root of "${parsed.text}"`);
    }
    const before = node.host;
    node.host = parsed;
    try {
      assertNamesAreUniqueInTree(node);
    } catch (error) {
      node.host = before;
      throw error;
    }
    node.isOwned = true;
    this.#root = node;
    this.#options = options;
  }

  /** @internal Only for the framework: the root that a host guards. */
  static rootOf(host: Host): ResourceNode {
    if (!((host as unknown) instanceof Host)) {
      throw new TypeError(`Expected a host, got ${typeof host}: write new Host("example.com", root).`);
    }
    return host.#root.resolve();
  }

  /** The resource `/` of this host. */
  get root(): AnyResource {
    return Resource.standingFor(Host.rootOf(this));
  }

  /** Whether this host has the pattern. */
  is(pattern: string): boolean {
    return isSameHost(Host.rootOf(this).host, parseHostPattern(pattern, this.#options));
  }

  /**
   * Freezes the tree and makes it a service that answers 404 for every other host.
   *
   * Throws an `InvalidTreeError` (`ARGANIA_INVALID_TREE`) with everything that is wrong.
   */
  intoService(options?: ServiceOptions): Service {
    const root = Host.rootOf(this);
    root.assertMutable("make a service");
    return serviceOf(finalizeHost(root), options);
  }

  /** The host and its tree as data. */
  describe(): NodeDescription {
    return describeHost(Host.rootOf(this));
  }

  /** The host and its tree as text. */
  toString(): string {
    return describeAsText(this.describe());
  }
}
