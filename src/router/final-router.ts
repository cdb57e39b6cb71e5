import { type DefinitionError, InvalidTreeError } from "../common/definition-error.ts";
import type { RawHandler } from "../handler/handler.ts";
import type { NodeDescription } from "../handler/node-description.ts";
import type { ServiceRoot } from "../handler/service-root.ts";
import { enterMatched, FinalHosts, finalizeHostTree, matchIn } from "../host/final-host.ts";
import type { Args } from "../request/args.ts";
import { RequestContext } from "../request/request-context.ts";
import type { CaptureSlot, Route, RouteNode } from "../request/route.ts";
import type { TargetProblem } from "../request/route-path.ts";
import { composeOrNull } from "../resource/compose-component.ts";
import type { FinalResource } from "../resource/final-resource.ts";
import { argsOf, finalizeNode, type Inherited, NOTHING_INHERITED } from "../resource/finalize-node.ts";
import { PathTree } from "../resource/path-tree.ts";
import { describeRouter } from "./describe-router.ts";
import type { RouterParts } from "./router-parts.ts";

/** A router that serves: frozen, its passer composed. */
export class FinalRouter implements RouteNode, ServiceRoot {
  readonly depth = 0;
  readonly captures: readonly CaptureSlot[] = NOTHING_INHERITED.captures;
  readonly properties: RouterParts["properties"];
  readonly args: Args;
  readonly #hosts: FinalHosts;
  readonly #hostless: PathTree | null;
  readonly #passer: RawHandler | null;
  readonly #describe: () => NodeDescription;

  constructor(
    parts: RouterParts,
    hosts: FinalHosts,
    hostless: FinalResource | null,
    problems: DefinitionError[],
  ) {
    this.properties = parts.properties;
    this.args = argsOf(parts.extension);
    this.#hosts = hosts;
    this.#hostless = hostless === null ? null : new PathTree(hostless);
    const innermost: RawHandler = (context) => {
      const route = RequestContext.routeOf(context);
      route.enter(this);
      return enterMatched(route, context);
    };
    const layers = parts.layers.flatMap((target) => target.layers);
    this.#passer = composeOrNull({ path: () => "router" }, layers, problems, innermost);
    this.#describe = () => describeRouter(parts);
    Object.freeze(this);
  }

  /** Static hosts, regex hosts in order, the tree without a host; then the path in the tree found. */
  match(route: Route): TargetProblem | null {
    return matchIn(this.#hosts.match(route) ?? this.#hostless, route);
  }

  enter(route: Route, context: RequestContext): unknown {
    if (this.#passer === null) {
      return enterMatched(route, context);
    }
    route.enter(this);
    return this.#passer(context, this.args);
  }

  describe(): NodeDescription {
    return this.#describe();
  }
}

/**
 * Turns a router into one that serves, and freezes its trees.
 *
 * Throws an `InvalidTreeError` with every problem of every tree; then nothing is frozen.
 */
export function finalizeRouter(parts: RouterParts): FinalRouter {
  const problems: DefinitionError[] = [];
  const inherited: Inherited = {
    ...NOTHING_INHERITED,
    args: argsOf(parts.extension),
    properties: parts.properties,
  };
  const hosts = new FinalHosts();
  let hostless: FinalResource | null = null;
  const roots = parts.trees.roots();
  for (const root of roots) {
    if (root.host === null) {
      hostless = finalizeNode(root, inherited, problems);
    } else {
      hosts.add(root.host, finalizeHostTree(root, inherited, problems));
    }
  }
  const router = new FinalRouter(parts, hosts, hostless, problems);
  if (problems.length > 0) {
    throw new InvalidTreeError(problems);
  }
  for (const root of roots) {
    root.isFrozenRoot = true;
  }
  return router;
}
