import { FrozenTreeError } from "../common/definition-error.ts";
import { NO_PROPERTIES, type Properties } from "../common/property.ts";
import type { MethodHandler } from "../handler/method-handler.ts";
import type { LayerTarget } from "../middleware/layer-target.ts";
import type { HostPattern } from "../pattern/host-pattern.ts";
import type { ResourcePattern } from "../pattern/resource-pattern.ts";
import { formatPath } from "../pattern/resource-pattern.ts";
import type { PatternOptions, SegmentPattern } from "../pattern/segment-pattern.ts";

export type AnyMethodHandler = MethodHandler<never, never, never>;

/** How a resource treats trailing slashes and what is below it. */
export interface ResourceConfig {
  readonly endsWithSlash: boolean;
  readonly onUnmatchingSlash: "redirect" | "drop" | "handle";
  readonly isSubtreeHandler: boolean;
}

const DEFAULT_CONFIG: ResourceConfig = {
  endsWithSlash: false,
  onUnmatchingSlash: "redirect",
  isSubtreeHandler: false,
};

const NO_OPTIONS: PatternOptions = {};

/**
 * A resource while its tree is being defined. Users hold `Resource`s, which stand for one of these; two that turn
 * out to mean the same resource end up standing for the same node.
 */
export class ResourceNode {
  /** `null` for the root. */
  readonly pattern: SegmentPattern | null;
  /** For a node without parent: the segments that its pattern has in front of its own. */
  prefix: readonly SegmentPattern[];
  /** For a node without parent: the host that its tree belongs to. */
  host: HostPattern | null;
  parent: ResourceNode | null = null;
  /** What this node has become a part of, when it was merged. */
  mergedInto: ResourceNode | null = null;
  /** Whether a host or a router holds this root: it has one place, as every other resource. */
  isOwned = false;
  /** Set by `intoService()`. */
  isFrozen = false;

  /** How patterns below are read, where the user has said so; otherwise as the parent's are. */
  ownPatternOptions: PatternOptions | null = null;
  config: ResourceConfig = DEFAULT_CONFIG;
  /** Whether the user has written a slash or symbols; otherwise `config` is only the default. */
  hasExplicitConfig = false;

  readonly statics: Map<string, ResourceNode> = new Map();
  readonly regexes: ResourceNode[] = [];
  wildcard: ResourceNode | null = null;

  readonly methods: Map<string, AnyMethodHandler> = new Map();
  wildcardMethod: AnyMethodHandler | null = null;
  mistargetedRequest: AnyMethodHandler | null = null;
  readonly layers: LayerTarget[] = [];
  hasExtension = false;
  extension: unknown = undefined;
  properties: Properties = NO_PROPERTIES;

  constructor(
    pattern: SegmentPattern | null,
    prefix: readonly SegmentPattern[] = [],
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
    const node = new ResourceNode(parsed.segments.at(-1) ?? null, parsed.segments.slice(0, -1), parsed.host);
    node.configure(parsed);
    return node;
  }

  configure({
    endsWithSlash,
    onUnmatchingSlash,
    isSubtreeHandler,
    hasExplicitConfig,
  }: ResourcePattern): void {
    this.config = { endsWithSlash, onUnmatchingSlash, isSubtreeHandler };
    this.hasExplicitConfig = hasExplicitConfig;
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
      this.methods.size > 0 ||
      this.wildcardMethod !== null ||
      this.mistargetedRequest !== null ||
      this.layers.length > 0
    );
  }

  /** Static first, then regexes in their order, then the wildcard: as they are matched. */
  children(): readonly ResourceNode[] {
    return [...this.statics.values(), ...this.regexes, ...(this.wildcard === null ? [] : [this.wildcard])];
  }

  removeChild(child: ResourceNode): void {
    const index = this.regexes.indexOf(child);
    if (index >= 0) {
      this.regexes.splice(index, 1);
    } else if (this.wildcard === child) {
      this.wildcard = null;
    } else if (child.pattern?.kind === "static") {
      this.statics.delete(child.pattern.value);
    }
  }

  /** All segments from the root, prefixes that have no nodes yet included. */
  segments(): readonly SegmentPattern[] {
    const own = this.pattern === null ? [] : [this.pattern];
    return this.parent === null ? [...this.prefix, ...own] : [...this.parent.segments(), ...own];
  }

  /** The full pattern, as errors and descriptions name this node. */
  path(): string {
    const { host } = this.root();
    const path = formatPath(this.segments(), this.config.endsWithSlash);
    return `${host === null ? "" : `http://${host.text}`}${path}${symbolsOf(this.config, this.pattern === null)}`;
  }

  assertMutable(action: string): void {
    if (this.isFrozen) {
      throw new FrozenTreeError(this.path(), action);
    }
  }
}

/** The configuration symbols behind a pattern, with the space in front of them. */
export function symbolsOf(config: ResourceConfig, isRoot: boolean): string {
  const slash = isRoot ? "" : { redirect: "", drop: "!", handle: "?" }[config.onUnmatchingSlash];
  const symbols = `${slash}${config.isSubtreeHandler ? "*" : ""}`;
  return symbols === "" ? "" : ` ${symbols}`;
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
