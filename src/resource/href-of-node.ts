import { HrefBuilder, type HrefOptions } from "../pattern/href.ts";
import type { HrefValue } from "../pattern/href-query.ts";
import { assertLeadsTo } from "./assert-leads-to.ts";
import type { ResourceNode } from "./resource-node.ts";

/** The URL of a node for these params, checked to lead back to it. Throws an `HrefError` (`ARGANIA_HREF`). */
export function hrefOf(
  node: ResourceNode,
  params: Readonly<Record<string, HrefValue>>,
  options: HrefOptions | undefined,
): string {
  const builder = builderFor(node);
  assertLeadsTo(node, builder.build(params));
  return builder.build(params, options);
}

/** Kept for frozen nodes only: the path of any other can still change. */
const builders = new WeakMap<ResourceNode, HrefBuilder>();

function builderFor(node: ResourceNode): HrefBuilder {
  let builder = builders.get(node);
  if (builder === undefined) {
    builder = new HrefBuilder(node.root().host, node.segments(), node.config.endsWithSlash);
    if (node.isFrozen) {
      builders.set(node, builder);
    }
  }
  return builder;
}
