import { assertNoMore } from "../common/assert-no-more.ts";
import { DefinitionError, FrozenTreeError } from "../common/definition-error.ts";
import { type OneOrMany, toArray } from "../common/one-or-many.ts";
import { NO_PROPERTIES, type Properties, type Property, propertyEntries } from "../common/property.ts";
import { describeAsText, type NodeDescription } from "../handler/node-description.ts";
import { type Service, serviceOf } from "../handler/service.ts";
import type { ServiceOptions } from "../handler/service-options.ts";
import { Host } from "../host/host.ts";
import { assertLayerTarget, type LayerTarget } from "../middleware/layer-target.ts";
import { assertPatternOptions } from "../pattern/assert-pattern-options.ts";
import type { ParamsOf } from "../pattern/params.ts";
import { parseResourcePattern } from "../pattern/resource-pattern.ts";
import type { PatternOptions } from "../pattern/segment-pattern.ts";
import { type AnyResource, Resource } from "../resource/resource.ts";
import { DuplicateExtensionError } from "../resource/resource-errors.ts";
import { describeRouter } from "./describe-router.ts";
import { finalizeRouter } from "./final-router.ts";
import type { RouterParts } from "./router-parts.ts";
import { RouterTrees } from "./router-trees.ts";

/**
 * Holds the trees of several hosts and at most one tree without a host, for requests to every other host. It has only
 * a request passer.
 *
 * @example
 * ```ts
 * const router = new Router();
 * router.addHost(new Host("api.example.com", api));
 * router.addResource([spa, new Resource("http://docs.example.com/guide")]);
 * router.addLayerTo(_requestPasser(new RequestSignalsLayer()));
 * ```
 * Source: argan, `Router`.
 */
export class Router {
  readonly #trees: RouterTrees;
  readonly #layers: LayerTarget<"request-passer">[] = [];
  readonly #options: PatternOptions;
  #hasExtension = false;
  #extension: unknown = undefined;
  #properties: Properties = NO_PROPERTIES;
  #isFrozen = false;

  constructor(options?: PatternOptions);
  constructor(options: PatternOptions = {}, ...more: unknown[]) {
    assertPatternOptions("Router", options, "new Router().addResource(root)");
    assertNoMore(more, "Router takes options", "new Router().addResource([a, b])");
    this.#options = options;
    this.#trees = new RouterTrees(options);
  }

  /** Adds hosts; the trees of hosts with the same pattern are merged as resources are. */
  addHost(hosts: OneOrMany<Host>): this;
  addHost(hosts: OneOrMany<Host>, ...more: unknown[]): this {
    assertNoMore(more, "addHost takes one host, or an array of them", "addHost([a, b])");
    this.#assertMutable("add a host");
    for (const host of toArray(hosts)) {
      this.#trees.addRoot(Host.rootOf(host));
    }
    return this;
  }

  /** Adds resources at their paths, each under the host that its pattern names, or in the tree without a host. */
  addResource(resources: OneOrMany<AnyResource>): this;
  addResource(resources: OneOrMany<AnyResource>, ...more: unknown[]): this {
    assertNoMore(more, "addResource takes one resource, or an array of them", "addResource([a, b])");
    this.#assertMutable("add a resource");
    for (const resource of toArray(resources)) {
      this.#trees.addResource(Resource.nodeOf(resource));
    }
    return this;
  }

  /** Adds resources below the resource at `uri`, which is made if it does not exist. */
  addResourceUnder(uri: string, resources: OneOrMany<AnyResource>): this;
  addResourceUnder(uri: string, resources: OneOrMany<AnyResource>, ...more: unknown[]): this {
    const taken = "addResourceUnder takes a path and one resource, or an array of them";
    assertNoMore(more, taken, "addResourceUnder(path, [a, b])");
    this.#assertMutable("add a resource");
    const pattern = parseResourcePattern(uri, this.#options);
    for (const resource of toArray(resources)) {
      this.#trees.addResourceUnder(pattern, Resource.nodeOf(resource));
    }
    return this;
  }

  /** Gets the resource at `uri`, or makes it with those between, and its host. */
  resource<const Uri extends string>(uri: Uri): Resource<Uri, ParamsOf<Uri>>;
  resource(uri: string, ...more: unknown[]): AnyResource {
    assertNoMore(more, "resource takes a path", 'resource("/path").setHandlerFor(_get.to(…))');
    const pattern = parseResourcePattern(uri, this.#options);
    const found = this.#trees.find(pattern);
    if (found === null) {
      this.#assertMutable("add a resource");
    }
    return Resource.standingFor(found ?? this.#trees.getOrCreate(pattern));
  }

  /** Visits the root of every tree, hosts first. `fn` may return `"stop"` to end. */
  forEachRoot(fn: (root: AnyResource) => "stop" | undefined | void): this {
    for (const root of this.#trees.roots()) {
      if (fn(Resource.standingFor(root)) === "stop") {
        break;
      }
    }
    return this;
  }

  /** Wraps the request passer into layers: around everything that every tree does. */
  addLayerTo(...targets: readonly OneOrMany<LayerTarget<"request-passer">>[]): this {
    this.#assertMutable("add a layer");
    const all = targets.flatMap(toArray);
    all.forEach(assertLayerTarget);
    for (const { kind } of all) {
      if (kind !== "request-passer") {
        throw new RouterLayerError(kind);
      }
    }
    this.#layers.push(...all);
    return this;
  }

  /** Attaches a value that all trees inherit as `args.nodeExtension`. Throws `ARGANIA_DUPLICATE_EXTENSION`. */
  setExtension(value: unknown): this {
    this.#assertMutable("set an extension");
    if (this.#hasExtension) {
      throw new DuplicateExtensionError("router");
    }
    this.#hasExtension = true;
    this.#extension = value;
    return this;
  }

  /** Sets options for all trees. */
  setProperty(...properties: readonly Property[]): this {
    this.#assertMutable("set a property");
    this.#properties = new Map([...this.#properties, ...propertyEntries("setProperty", properties)]);
    return this;
  }

  /**
   * Freezes all trees and makes them one service.
   *
   * Throws an `InvalidTreeError` (`ARGANIA_INVALID_TREE`) with everything that is wrong, in whatever tree.
   */
  intoService(options?: ServiceOptions): Service {
    this.#assertMutable("make a service");
    const root = finalizeRouter(this.#parts());
    this.#isFrozen = true;
    return serviceOf(root, options);
  }

  /** The hosts and trees as data. */
  describe(): NodeDescription {
    return describeRouter(this.#parts());
  }

  /** The hosts and trees as text. */
  toString(): string {
    return describeAsText(this.describe());
  }

  #parts(): RouterParts {
    return {
      trees: this.#trees,
      layers: this.#layers,
      hasExtension: this.#hasExtension,
      extension: this.#extension,
      properties: this.#properties,
    };
  }

  #assertMutable(action: string): void {
    if (this.#isFrozen) {
      throw new FrozenTreeError("router", action);
    }
  }
}

/** A layer for a component that routers do not have. */
export class RouterLayerError extends DefinitionError {
  readonly code = "ARGANIA_ROUTER_LAYER";

  constructor(kind: string) {
    super(
      `A router has only a request passer, no ${kind}. Use _requestPasser(…), or add the layer to a root.`,
      ["router"],
    );
  }
}
