import { printTree, type TextTree } from "../common/print-tree.ts";

/** A node of a tree as data. */
export interface NodeDescription {
  readonly type: "router" | "host" | "resource";
  /** The pattern of this node alone, as it was written; empty for a router. */
  readonly pattern: string;
  /** The full pattern from the host on; empty for a router. */
  readonly path: string;
  readonly kind: "static" | "regex" | "wildcard" | "root" | "router";
  /** The configuration symbols in force: "", "!", "?", "*", "!*", "?*". */
  readonly symbols: string;
  /** The methods with handlers in the order set; "*" stands for a wildcard-method handler. */
  readonly methods: readonly string[];
  readonly handlesMistargetedRequests: boolean;
  /** The names of the layers, outermost first, by the component that they wrap. */
  readonly layers: Readonly<Record<string, readonly string[]>>;
  /** Whether the node has an extension of its own. */
  readonly hasExtension: boolean;
  readonly children: readonly NodeDescription[];
}

/** The tree as text: one node a line, with its methods and layers. */
export function describeAsText(node: NodeDescription): string {
  return printTree(textTreeOf(node));
}

function textTreeOf(node: NodeDescription): TextTree {
  return { label: labelOf(node), children: node.children.map(textTreeOf) };
}

function labelOf(node: NodeDescription): string {
  const name =
    node.type === "resource" ? `/${node.pattern}` : node.type === "host" ? `//${node.pattern}` : "router";
  const notes = [
    node.symbols,
    node.methods.length > 0 ? `[${node.methods.join(", ")}]` : "",
    node.handlesMistargetedRequests ? "(mistargeted requests)" : "",
    ...Object.entries(node.layers).map(([component, names]) => `${component}: ${names.join(" > ")}`),
    node.hasExtension ? "+extension" : "",
  ];
  return [name, ...notes.filter((note) => note !== "")].join("  ");
}
