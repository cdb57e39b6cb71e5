import { HrefError } from "../pattern/href-error.ts";
import type { SegmentPattern } from "../pattern/segment-pattern.ts";
import { parseRoutePath } from "../request/route-path.ts";
import type { ResourceNode } from "./resource-node.ts";

/**
 * Refuses a URL that a sibling with a higher priority would catch: `/users/new` leads to the static resource `new`,
 * not to `/users/{id}`.
 *
 * Throws an `HrefError` (`ARGANIA_HREF`).
 */
export function assertLeadsTo(node: ResourceNode, path: string): void {
  const route = parseRoutePath(path);
  const chain = chainTo(node);
  const segments = typeof route === "string" ? [] : route.segments().slice(-chain.length);
  let parent = node.root();
  chain.forEach((child, index) => {
    const segment = segments[index] as string;
    const caught = childFor(parent, segment);
    if (child.parent !== null && caught !== child) {
      const problem = `"${segment}" leads to "${caught?.path() ?? "nothing"}", which is matched first.`;
      throw new HrefError(node.path(), (child.pattern as SegmentPattern).captureNames[0] ?? null, problem);
    }
    parent = child;
  });
}

/** The nodes on the way to `node`, without the root of everything, which has no segment. */
function chainTo(node: ResourceNode): readonly ResourceNode[] {
  const chain: ResourceNode[] = [];
  for (let above: ResourceNode | null = node; above !== null; above = above.parent) {
    if (above.pattern !== null) {
      chain.unshift(above);
    }
  }
  return chain;
}

function childFor(parent: ResourceNode, segment: string): ResourceNode | null {
  const regex = (child: ResourceNode) =>
    child.pattern?.kind === "regex" && child.pattern.match(segment) !== null;
  return parent.statics.get(segment) ?? parent.regexes.find(regex) ?? parent.wildcard;
}
