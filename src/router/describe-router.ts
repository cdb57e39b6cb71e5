import { layerName } from "../handler/layer.ts";
import type { NodeDescription } from "../handler/node-description.ts";
import { describeHost } from "../host/describe-host.ts";
import { describeDefinition } from "../resource/describe-node.ts";
import type { RouterParts } from "./router-parts.ts";

/** A router with its hosts and trees as data. */
export function describeRouter({ trees, layers, hasExtension }: RouterParts): NodeDescription {
  const names = layers.flatMap((target) => target.layers.map(layerName));
  return Object.freeze({
    type: "router",
    pattern: "",
    path: "",
    kind: "router",
    symbols: "",
    methods: [],
    handlesMistargetedRequests: false,
    layers: Object.freeze<NodeDescription["layers"]>(
      names.length === 0 ? {} : { "request-passer": Object.freeze(names) },
    ),
    hasExtension,
    children: Object.freeze(
      trees.roots().map((root) => (root.host === null ? describeDefinition(root) : describeHost(root))),
    ),
  });
}
