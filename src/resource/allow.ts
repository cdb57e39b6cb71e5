import type { ResourceNode } from "./resource-node.ts";

/** The methods in the order set, `HEAD` after the `GET` that answers it (RFC 9110 §10.2.1). */
export function allowOf(node: ResourceNode): string {
  const answersHead = node.hasMethod("GET") && !node.hasMethod("HEAD");
  let allow = "";
  for (const method of node.methods()) {
    allow += `${allow === "" ? "" : ", "}${method === "GET" && answersHead ? "GET, HEAD" : method}`;
  }
  return allow;
}
