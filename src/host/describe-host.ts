import type { NodeDescription } from "../handler/node-description.ts";
import type { HostPattern } from "../pattern/host-pattern.ts";
import { describeDefinition } from "../resource/describe-node.ts";
import type { ResourceNode } from "../resource/resource-node.ts";

/** A host and its tree as data. */
export function describeHost(root: ResourceNode): NodeDescription {
  const host = root.host as HostPattern;
  return Object.freeze({
    type: "host",
    pattern: host.text,
    path: `http://${host.text}`,
    kind: host.kind,
    symbols: "",
    methods: [],
    handlesMistargetedRequests: false,
    layers: {},
    hasExtension: false,
    children: Object.freeze([describeDefinition(root)]),
  });
}
