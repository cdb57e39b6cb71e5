import { withoutStack } from "../common/argania-error.ts";
import { type DefinitionError, InvalidTreeError } from "../common/definition-error.ts";
import type { NodeDescription } from "../handler/node-description.ts";
import type { ServiceRoot } from "../handler/service-root.ts";
import type { HostPattern } from "../pattern/host-pattern.ts";
import type { RegexPattern } from "../pattern/segment-pattern.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { CaptureSlot, Route } from "../request/route.ts";
import type { FinalResource } from "../resource/final-resource.ts";
import { finalizeNode, type Inherited, NOTHING_INHERITED } from "../resource/finalize-node.ts";
import { enterTree, freezeTree } from "../resource/finalize-tree.ts";
import type { ResourceNode } from "../resource/resource-node.ts";
import { NotFoundResourceError } from "../response/routing-errors.ts";
import { describeHost } from "./describe-host.ts";

/** A regex host that serves, with its tree. */
export interface FinalRegexHost {
  readonly pattern: RegexPattern;
  readonly root: FinalResource;
}

/** The hosts of a service in their final form: static by name, then regexes in their order. */
export class FinalHosts {
  readonly #statics = new Map<string, FinalResource>();
  readonly #regexes: FinalRegexHost[] = [];

  add(pattern: HostPattern, root: FinalResource): void {
    if (pattern.kind === "static") {
      this.#statics.set(pattern.value, root);
    } else {
      this.#regexes.push(Object.freeze({ pattern, root }));
    }
  }

  /** The tree of the request's host, with what the host captures recorded in the route. */
  match(route: Route): FinalResource | null {
    const { host } = route.authority;
    const root = this.#statics.get(host);
    if (root !== undefined) {
      return root;
    }
    for (const regex of this.#regexes) {
      const match = regex.pattern.match(host);
      if (match !== null) {
        route.record(match);
        return regex.root;
      }
    }
    return null;
  }
}

/** The final tree of one host. Its captures come before those of the path. */
export function finalizeHostTree(
  root: ResourceNode,
  inherited: Inherited,
  problems: DefinitionError[],
): FinalResource {
  const host = root.host as HostPattern;
  if (host.kind === "static") {
    return finalizeNode(root, inherited, problems);
  }
  const captures: CaptureSlot[] = host.captures.map(({ name, group }) => ({
    name,
    index: 0,
    group,
    isHost: true,
  }));
  return finalizeNode(root, { ...inherited, captures, matchCount: 1 }, problems);
}

/** A host by itself, ready to be a service. */
export function finalizeHost(root: ResourceNode): ServiceRoot {
  const problems: DefinitionError[] = [];
  const hosts = new FinalHosts();
  hosts.add(root.host as HostPattern, finalizeHostTree(root, NOTHING_INHERITED, problems));
  if (problems.length > 0) {
    throw new InvalidTreeError(problems);
  }
  freezeTree(root);
  return Object.freeze({
    enter: (route: Route, context: RequestContext) => {
      const tree = hosts.match(route);
      if (tree === null) {
        throw withoutStack(() => new NotFoundResourceError());
      }
      return enterTree(tree, route, context);
    },
    describe: (): NodeDescription => describeHost(root),
  });
}
