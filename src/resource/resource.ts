import { assertNoMore } from "../common/assert-no-more.ts";
import { describeValue } from "../common/describe-value.ts";
import { type OneOrMany, toArray } from "../common/one-or-many.ts";
import { type Property, propertyEntries } from "../common/property.ts";
import type { MethodHandler } from "../handler/method-handler.ts";
import { describeAsText, type NodeDescription } from "../handler/node-description.ts";
import { type Service, serviceOf } from "../handler/service.ts";
import type { ServiceOptions } from "../handler/service-options.ts";
import { assertLayerTarget, type LayerTarget } from "../middleware/layer-target.ts";
import { assertPatternOptions } from "../pattern/assert-pattern-options.ts";
import { parseHostPattern } from "../pattern/host-pattern.ts";
import type { HrefOptions, HrefParams } from "../pattern/href.ts";
import type { ParamsOf } from "../pattern/params.ts";
import { parseRelativePath, parseResourcePattern } from "../pattern/resource-pattern.ts";
import type { PatternOptions } from "../pattern/segment-pattern.ts";
import { assertNamesAreUniqueInPattern } from "./capture-names.ts";
import { describeDefinition } from "./describe-node.ts";
import { finalizeTree } from "./finalize-tree.ts";
import { hrefOf } from "./href-of-node.ts";
import { getOrCreateNode, isSameHost, placeNode, placeNodeUnder } from "./place-node.ts";
import { DuplicateExtensionError } from "./resource-errors.ts";
import { type AnyMethodHandler, ResourceNode, visitBelow } from "./resource-node.ts";
import { setHandlers } from "./set-handlers.ts";

/** Any resource, whatever its pattern. */
export type AnyResource = Resource<string, object, unknown>;

/** Most resources are made from the root, whose params are none: nothing has to be merged for these. */
type Merged<Outer, Inner> = [keyof Outer] extends [never]
  ? Inner
  : { [Name in keyof (Outer & Inner)]: (Outer & Inner)[Name] };

/**
 * One path segment of the URL space, with everything below it.
 *
 * Mutable until `intoService()`. `Params` is inferred from the pattern, and through `subresource()` from the parents'.
 *
 * @example
 * ```ts
 * const users = new Resource("/users");
 * users.subresource("/{id:\\d+}").setHandlerFor(_get.to(({ params }) => json({ id: params.id })));
 * ```
 * Source: argan, `Resource`.
 */
export class Resource<
  Pattern extends string = string,
  out Params extends object = ParamsOf<Pattern>,
  Extension = unknown,
> {
  readonly #handle: ResourceNode;

  /**
   * @param pattern `/path`, `/path/` or `http://host/path`, with configuration symbols at its end
   * @param options how this pattern is read, and those below it
   *
   * Throws a `PatternError` (`ARGANIA_PATTERN`, `ARGANIA_UNSAFE_REGEX`) that shows where the pattern is malformed.
   */
  constructor(pattern: Pattern, options?: PatternOptions);
  constructor(pattern: Pattern, options?: PatternOptions, ...more: unknown[]) {
    assertNoMore(more, "Resource takes a pattern and options", HANDLER_ADVICE);
    this.#handle =
      (pattern as unknown) instanceof ResourceNode
        ? (pattern as unknown as ResourceNode)
        : nodeFor(pattern, options);
  }

  get #node(): ResourceNode {
    return this.#handle.resolve();
  }

  /** @internal Only for the framework: the node that a resource stands for. */
  static nodeOf(resource: AnyResource): ResourceNode {
    if (!((resource as unknown) instanceof Resource)) {
      const isMaker = typeof (resource as { intoResource?: unknown } | null)?.intoResource === "function";
      const instead = isMaker ? "call its intoResource()" : 'write new Resource("/path")';
      throw new TypeError(`Expected a resource, got ${describeValue(resource)}: ${instead}.`);
    }
    return resource.#node;
  }

  /** @internal Only for the framework: a resource that stands for a node. */
  static standingFor(node: ResourceNode): AnyResource {
    return new Resource(node as unknown as string);
  }

  /** The full pattern, from the host on if the tree has one, with the configuration symbols. */
  get path(): string {
    return this.#node.path();
  }

  /** Whether this resource's own segment has the pattern: `is("/{id}")`; the root is `is("/")`. */
  is(pattern: string): boolean {
    const { segments } = parseResourcePattern(pattern, this.#node.patternOptions());
    const own = this.#node.pattern;
    const [segment] = segments;
    return own === null ? segments.length === 0 : segments.length === 1 && segment?.isSame(own) === true;
  }

  /** Whether this resource's tree belongs to the host. */
  hostIs(pattern: string): boolean {
    return isSameHost(this.#node.root().host, parseHostPattern(pattern, this.#node.patternOptions()));
  }

  /**
   * Adds resources below this one. Each has one segment, or a path from the root that leads through this resource: below
   * `/api` that is `/v1` or `/api/v1`. (The path that `subresource()` takes is relative.)
   *
   * Each is added whole or, when it is refused, not at all; those before it stay. Throws `ARGANIA_CONFLICTING_RESOURCES`, `ARGANIA_SECOND_WILDCARD`,
   * `ARGANIA_MISMATCHING_SYMBOLS`, `ARGANIA_DUPLICATE_CAPTURE_NAME`, `ARGANIA_ROOT_SUBRESOURCE`,
   * `ARGANIA_WRONG_PREFIX`, `ARGANIA_WRONG_HOST`, `ARGANIA_ALREADY_IN_TREE`, `ARGANIA_FROZEN_TREE`.
   */
  addSubresource(resources: OneOrMany<AnyResource>): this;
  addSubresource(resources: OneOrMany<AnyResource>, ...more: unknown[]): this {
    assertNoMore(more, "addSubresource takes one resource, or an array of them", "addSubresource([a, b])");
    const node = this.#mutable("add a subresource");
    for (const resource of toArray(resources)) {
      placeNode(node, Resource.nodeOf(resource));
    }
    return this;
  }

  /** Adds resources below the subresource at the relative `path`, which is made if it does not exist. */
  addSubresourceUnder(path: string, resources: OneOrMany<AnyResource>): this;
  addSubresourceUnder(path: string, resources: OneOrMany<AnyResource>, ...more: unknown[]): this {
    const taken = "addSubresourceUnder takes a path and one resource, or an array of them";
    assertNoMore(more, taken, "addSubresourceUnder(path, [a, b])");
    const node = this.#mutable("add a subresource");
    const pattern = parseRelativePath(path, node.patternOptions());
    for (const resource of toArray(resources)) {
      placeNodeUnder(node, pattern, Resource.nodeOf(resource));
    }
    return this;
  }

  /**
   * Gets the subresource at a path relative to this resource, also where it has several segments, or makes it with those
   * between: `/api/v1` below `/api` is `/api/api/v1`. Symbols and a trailing slash must be as
   * they are in an existing one; a bare path takes it as it is. A frozen tree only gives what it has.
   */
  subresource<const Path extends string>(
    path: Path,
  ): Resource<Path, Merged<Params, ParamsOf<Path>>, Extension>;
  subresource(path: string, ...more: unknown[]): AnyResource {
    assertNoMore(more, "subresource takes a path", 'subresource("/path").setHandlerFor(_get.to(…))');
    const node = this.#node;
    return Resource.standingFor(getOrCreateNode(node, parseRelativePath(path, node.patternOptions())));
  }

  /**
   * Visits everything below this resource, parents before children. `fn` may return `"skip"` to leave out what is
   * below the resource that it was given, or `"stop"` to end.
   */
  forEachSubresource(fn: (resource: AnyResource) => "skip" | "stop" | undefined | void): this {
    visitBelow(this.#node, (node) => fn(Resource.standingFor(node)));
    return this;
  }

  /** Sets handlers: `setHandlerFor(_get.to(fn))`, several, or arrays. Throws `ARGANIA_DUPLICATE_HANDLER`. */
  setHandlerFor(...handlers: readonly OneOrMany<MethodHandler<Params, Extension, undefined>>[]): this {
    const node = this.#mutable("set a handler");
    const all = handlers.some(Array.isArray) ? handlers.flatMap(toArray) : handlers;
    setHandlers(node, all as unknown as readonly AnyMethodHandler[]);
    return this;
  }

  /** Wraps components into layers. What was added first is outermost. */
  addLayerTo(...targets: readonly OneOrMany<LayerTarget>[]): this {
    const all = targets.flatMap(toArray);
    all.forEach(assertLayerTarget);
    this.#mutable("add a layer").addLayers(all);
    return this;
  }

  /**
   * Attaches a value that handlers and layers here, and below unless replaced, get as `args.nodeExtension`. Returns
   * this resource with the value's type.
   *
   * Throws `ARGANIA_DUPLICATE_EXTENSION` when there is one already.
   */
  setExtension<Value>(value: Value): Resource<Pattern, Params, Value> {
    const node = this.#mutable("set an extension");
    if (node.hasExtension) {
      throw new DuplicateExtensionError(node.path());
    }
    node.hasExtension = true;
    node.extension = value;
    return this as unknown as Resource<Pattern, Params, Value>;
  }

  /** Sets options for this resource and those below it. A later value replaces an earlier one. */
  setProperty(...properties: readonly Property[]): this {
    const node = this.#mutable("set a property");
    node.properties = new Map([...node.properties, ...propertyEntries("setProperty", properties)]);
    return this;
  }

  /**
   * The URL of this resource: a path, or with `absolute` a whole URL.
   *
   * Throws an `HrefError` (`ARGANIA_HREF`) for a value that would not lead back here with the same params.
   */
  href(
    ...[params, options]: keyof Params extends never
      ? [params?: HrefParams<Params>, options?: HrefOptions]
      : [params: HrefParams<Params>, options?: HrefOptions]
  ): string {
    return hrefOf(this.#node, (params ?? {}) as never, options);
  }

  /**
   * Freezes the tree and makes it a service. A resource that is not the root is served at its path.
   *
   * Throws an `InvalidTreeError` (`ARGANIA_INVALID_TREE`) with everything that is wrong.
   */
  intoService(options?: ServiceOptions): Service {
    return serviceOf(finalizeTree(this.#mutable("make a service")), options);
  }

  /** The subtree as data, as it is now. */
  describe(): NodeDescription {
    return describeDefinition(this.#node);
  }

  /** The subtree as text, one resource a line. */
  toString(): string {
    return describeAsText(this.describe());
  }

  #mutable(action: string): ResourceNode {
    const node = this.#node;
    node.assertMutable(action);
    return node;
  }
}

const HANDLER_ADVICE = 'new Resource("/path").setHandlerFor(_get.to(…))';

function nodeFor(pattern: string, options: PatternOptions | undefined): ResourceNode {
  assertPatternOptions("Resource", options, HANDLER_ADVICE);
  const parsed = parseResourcePattern(pattern, options);
  assertNamesAreUniqueInPattern(parsed);
  const node = ResourceNode.from(parsed);
  node.ownPatternOptions = options ?? null;
  return node;
}
