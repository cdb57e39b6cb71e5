import { MethodHandler } from "../handler/method-handler.ts";
import { DuplicateHandlerError } from "./resource-errors.ts";
import type { AnyMethodHandler, ResourceNode } from "./resource-node.ts";

/** Gives handlers to a node, all of them or, when one is refused, none. */
export function setHandlers(node: ResourceNode, handlers: readonly AnyMethodHandler[]): void {
  const methods = new Set(node.methods.keys());
  let hasWildcard = node.wildcardMethod !== null;
  let hasMistargeted = node.mistargetedRequest !== null;
  for (const handler of handlers) {
    if (!((handler as unknown) instanceof MethodHandler)) {
      throw new TypeError(`"${node.path()}": setHandlerFor takes what _get.to(handler) and its like return.`);
    }
    const { slot } = handler;
    if (slot.kind === "method") {
      refuseIf(methods.has(slot.method), node, slot.method);
      methods.add(slot.method);
    } else if (slot.kind === "wildcard-method") {
      refuseIf(hasWildcard, node, "all other methods");
      hasWildcard = true;
    } else {
      refuseIf(hasMistargeted, node, "mistargeted requests");
      hasMistargeted = true;
    }
  }
  for (const handler of handlers) {
    if (handler.slot.kind === "method") {
      node.setMethod(handler.slot.method, handler);
    } else if (handler.slot.kind === "wildcard-method") {
      node.wildcardMethod = handler;
    } else {
      node.mistargetedRequest = handler;
    }
  }
}

function refuseIf(isTaken: boolean, node: ResourceNode, what: string): void {
  if (isTaken) {
    throw new DuplicateHandlerError(node.path(), what);
  }
}
