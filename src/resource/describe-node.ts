import { layerName } from "../handler/layer.ts";
import type { NodeDescription } from "../handler/node-description.ts";
import { symbolsOf } from "./resource-config.ts";
import type { ResourceNode } from "./resource-node.ts";

/** A resource and everything below it as data. */
export function describeDefinition(node: ResourceNode): NodeDescription {
  const { pattern, config } = node;
  const slash = config.endsWithSlash ? "/" : "";
  return Object.freeze({
    type: "resource",
    pattern: pattern === null ? "" : `${pattern.text}${slash}`,
    path: node.path(),
    kind: pattern === null ? "root" : pattern.kind,
    symbols: symbolsOf(config, pattern === null).trim(),
    methods: Object.freeze(methodsOf(node)),
    handlesMistargetedRequests: node.mistargetedRequest !== null && node.mistargetedRequest.handler !== null,
    layers: Object.freeze(layersOf(node)),
    hasExtension: node.hasExtension,
    children: Object.freeze(node.children().map(describeDefinition)),
  });
}

function methodsOf(node: ResourceNode): string[] {
  const wildcard = node.wildcardMethod;
  return [...node.methods(), ...(wildcard !== null && wildcard.handler !== null ? ["*"] : [])];
}

/** By component, in the order in which a request meets them. */
function layersOf(node: ResourceNode): Record<string, readonly string[]> {
  // A method may be called "constructor".
  const layers: Record<string, readonly string[]> = Object.create(null);
  const add = (component: string, names: readonly string[]) => {
    if (names.length > 0) {
      layers[component] = [...(layers[component] ?? []), ...names];
    }
  };
  for (const target of node.layers) {
    const names = target.layers.map(layerName);
    if (target.kind === "method-handler") {
      for (const method of target.methods) {
        add(method, names);
      }
    } else {
      add(target.kind, names);
    }
  }
  node.methods().forEach((method, index) => {
    add(method, node.methodHandlers[index]?.layers.map(layerName) ?? []);
  });
  add("wildcard-method-handler", node.wildcardMethod?.layers.map(layerName) ?? []);
  add("mistargeted-request-handler", node.mistargetedRequest?.layers.map(layerName) ?? []);
  return layers;
}
