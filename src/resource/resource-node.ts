import { FrozenTreeError } from "../common/definition-error.ts";
import { NO_PROPERTIES, type Properties } from "../common/property.ts";
import type { MethodHandler } from "../handler/method-handler.ts";
import type { LayerTarget } from "../middleware/layer-target.ts";
import type { HostPattern } from "../pattern/host-pattern.ts";
import type { ResourcePattern } from "../pattern/resource-pattern.ts";
import { formatPath } from "../pattern/resource-pattern.ts";
import type { PatternOptions, SegmentPattern } from "../pattern/segment-pattern.ts";
import { configOf, DEFAULT_CONFIG, type ResourceConfig, symbolsOf } from "./resource-config.ts";

export type AnyMethodHandler = MethodHandler<never, never, never>;

const NO_OPTIONS: PatternOptions = {};

/** Most resources of a large tree have no children and no layers: what they do not have takes no memory. */
const NO_NODES: readonly ResourceNode[] = Object.freeze([]);
const NO_STATICS: ReadonlyMap<string, ResourceNode> = new Map();
const NO_HANDLERS: readonly AnyMethodHandler[] = Object.freeze([]);
const NO_SEGMENTS: readonly SegmentPattern[] = Object.freeze([]);
const NO_TARGETS: readonly LayerTarget[] = Object.freeze([]);

/**
 * A resource while its tree is being defined. Users hold `Resource`s, which stand for one of these; two that turn
 * out to mean the same resource end up standing for the same node.
 */
export class ResourceNode {
  /** `null` for the root. */
  declare readonly pattern: SegmentPattern | null;
  /** For a node without parent: the segments that its pattern has in front of its own. */
  declare prefix: readonly SegmentPattern[];
  /** For a node without parent: the host that its tree belongs to. */
  declare host: HostPattern | null;
  parent: ResourceNode | null = null;
  /** What this node has become a part of, when it was merged. */
  mergedInto: ResourceNode | null = null;
  /** Whether a host or a router holds this root: it has one place, as every other resource. */
  isOwned = false;
  /** Of a root: set by `intoService()`, for the whole tree. */
  isFrozenRoot = false;

  /** How patterns below are read, where the user has said so; otherwise as the parent's are. */
  ownPatternOptions: PatternOptions | null = null;
  config: ResourceConfig = DEFAULT_CONFIG;
  /** Whether the user has written a slash or symbols; otherwise `config` is only the default. */
  hasExplicitConfig = false;

  statics: ReadonlyMap<string, ResourceNode> = NO_STATICS;
  regexes: readonly ResourceNode[] = NO_NODES;
  wildcard: ResourceNode | null = null;

  /** For methods, in the order set. They are few: a list of them takes a fraction of the memory of a map. */
  methodHandlers: readonly AnyMethodHandler[] = NO_HANDLERS;
  wildcardMethod: AnyMethodHandler | null = null;
  mistargetedRequest: AnyMethodHandler | null = null;
  layers: readonly LayerTarget[] = NO_TARGETS;
  hasExtension = false;
  extension: unknown = undefined;
  properties: Properties = NO_PROPERTIES;

  constructor(
    pattern: SegmentPattern | null,
    prefix: readonly SegmentPattern[] = NO_SEGMENTS,
    host: HostPattern | null = null,
  ) {
    this.pattern = pattern;
    this.prefix = prefix;
    this.host = host;
    if (pattern === null) {
      this.config = { ...DEFAULT_CONFIG, onUnmatchingSlash: "handle" };
    }
  }

  static from(parsed: ResourcePattern): ResourceNode {
    const { segments, host } = parsed;
    const prefix = segments.length < 2 ? NO_SEGMENTS : segments.slice(0, -1);
    const node = new ResourceNode(segments.at(-1) ?? null, prefix, host);
    node.configure(parsed);
    return node;
  }

  configure(pattern: ResourcePattern): void {
    this.config = configOf(pattern);
    this.hasExplicitConfig = pattern.hasExplicitConfig;
  }

  /** The node that this one stands for now. */
  resolve(): ResourceNode {
    let node: ResourceNode = this;
    while (node.mergedInto !== null) {
      node = node.mergedInto;
    }
    return node;
  }

  root(): ResourceNode {
    let node: ResourceNode = this;
    while (node.parent !== null) {
      node = node.parent;
    }
    return node;
  }

  patternOptions(): PatternOptions {
    return this.ownPatternOptions ?? this.parent?.patternOptions() ?? NO_OPTIONS;
  }

  /** Whether a request would notice this node by itself: a handler or a layer. */
  hasEffect(): boolean {
    return (
      this.methodHandlers.length > 0 ||
      this.wildcardMethod !== null ||
      this.mistargetedRequest !== null ||
      this.layers.length > 0
    );
  }

  get isLeaf(): boolean {
    return this.statics.size === 0 && this.regexes.length === 0 && this.wildcard === null;
  }

  /** Static first, then regexes in their order, then the wildcard: as they are matched. */
  children(): readonly ResourceNode[] {
    return this.isLeaf
      ? NO_NODES
      : [...this.statics.values(), ...this.regexes, ...(this.wildcard === null ? [] : [this.wildcard])];
  }

  setChild(child: ResourceNode): void {
    const { pattern } = child;
    if (pattern?.kind === "static") {
      if (this.statics === NO_STATICS) {
        this.statics = new Map();
      }
      (this.statics as Map<string, ResourceNode>).set(pattern.value, child);
    } else if (pattern?.kind === "regex") {
      this.regexes = withItem(this.regexes, NO_NODES, child);
    } else {
      this.wildcard = child;
    }
  }

  removeChild(child: ResourceNode): void {
    if (this.wildcard === child) {
      this.wildcard = null;
    } else if (child.pattern?.kind === "static") {
      (this.statics as Map<string, ResourceNode>).delete(child.pattern.value);
    } else {
      this.regexes = this.regexes.filter((regex) => regex !== child);
    }
  }

  /** Takes a place below `parent`: what its own pattern said of prefix and host is said by those above it now. */
  attachTo(parent: ResourceNode): void {
    this.parent = parent;
    this.prefix = NO_SEGMENTS;
    this.host = null;
  }

  hasMethod(method: string): boolean {
    const { methodHandlers } = this;
    for (let index = 0; index < methodHandlers.length; index++) {
      if (methodOf(methodHandlers[index] as AnyMethodHandler) === method) {
        return true;
      }
    }
    return false;
  }

  /** The methods that have handlers, in the order set. */
  methods(): readonly string[] {
    return this.methodHandlers.map(methodOf);
  }

  addMethodHandler(handler: AnyMethodHandler): void {
    this.methodHandlers = withItem(this.methodHandlers, NO_HANDLERS, handler);
  }

  addLayers(targets: readonly LayerTarget[]): void {
    if (targets.length > 0) {
      this.layers = [...this.layers, ...targets];
    }
  }

  /** Whether the tree serves: no part of it can be changed. */
  get isFrozen(): boolean {
    return this.root().isFrozenRoot;
  }

  /** All segments from the root, prefixes that have no nodes yet included. */
  segments(): readonly SegmentPattern[] {
    const own = this.pattern === null ? [] : [this.pattern];
    return this.parent === null ? [...this.prefix, ...own] : [...this.parent.segments(), ...own];
  }

  /** The pattern of the path, without host and symbols. */
  pathPattern(): string {
    return formatPath(this.segments(), this.config.endsWithSlash);
  }

  /** The full pattern, as errors and descriptions name this node. */
  path(): string {
    const { host } = this.root();
    const path = this.pathPattern();
    return `${host === null ? "" : `http://${host.text}`}${path}${symbolsOf(this.config, this.pattern === null)}`;
  }

  assertMutable(action: string): void {
    if (this.isFrozen) {
      throw new FrozenTreeError(this.path(), action);
    }
  }
}

/** Adds to a list of this node's own, which is made for its first item. */
function withItem<Item>(list: readonly Item[], none: readonly Item[], item: Item): readonly Item[] {
  if (list === none) {
    return [item];
  }
  (list as Item[]).push(item);
  return list;
}

/** The method that a handler is for; `"*"` when it is for no one method. */
export function methodOf({ slot }: AnyMethodHandler): string {
  return slot.kind === "method" ? slot.method : "*";
}

/** Visits what is below a node, parents first; `"skip"` leaves out a subtree, `"stop"` ends the visit. */
export function visitBelow(
  node: ResourceNode,
  visit: (node: ResourceNode) => "skip" | "stop" | undefined | void,
): "stop" | undefined {
  for (const child of node.children()) {
    const verdict = visit(child);
    if (verdict === "stop" || (verdict !== "skip" && visitBelow(child, visit) === "stop")) {
      return "stop";
    }
  }
  return undefined;
}
