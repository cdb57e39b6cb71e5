import type { NodeDescription } from "../handler/node-description.ts";

/** A method that a resource handles. */
export interface ListedRoute {
  /** "*" for a wildcard-method handler. */
  readonly method: string;
  /** The full pattern, from the host on if there is one, with the configuration symbols. */
  readonly pattern: string;
  /** The names of the layers on the way, outermost first. */
  readonly layers: readonly string[];
}

/**
 * Every method of every resource in the order in which requests are matched, each with the layers that its requests
 * pass: for a start-up log, or a test that no route lacks its guard.
 *
 * @example
 * ```ts
 * for (const { method, pattern, layers } of listRoutes(service)) console.log(method, pattern, layers.join(" > "));
 * ```
 */
export function listRoutes(described: { describe(): NodeDescription }): readonly ListedRoute[] {
  return routesBelow(described.describe(), []);
}

function routesBelow(node: NodeDescription, outer: readonly string[]): ListedRoute[] {
  const layersOf = (component: string) =>
    Object.hasOwn(node.layers, component) ? (node.layers[component] as readonly string[]) : [];
  const received = [...outer, ...layersOf("request-receiver")];
  const own = node.methods.map((method) => ({
    method,
    pattern: node.path,
    layers: [
      ...received,
      ...layersOf("request-handler"),
      ...layersOf(method === "*" ? "wildcard-method-handler" : method),
    ],
  }));
  const passed = [...received, ...layersOf("request-passer")];
  return [...own, ...node.children.flatMap((child) => routesBelow(child, passed))];
}
