import { MethodHandler } from "../handler/method-handler.ts";
import { DuplicateHandlerError } from "./resource-errors.ts";
import type { AnyMethodHandler, ResourceNode } from "./resource-node.ts";

/** Gives handlers to a node, all of them or, when one is refused, none. */
export function setHandlers(node: ResourceNode, handlers: readonly AnyMethodHandler[]): void {
  let hasWildcard = node.wildcardMethod !== null;
  let hasMistargeted = node.mistargetedRequest !== null;
  for (const [index, handler] of handlers.entries()) {
    if (!((handler as unknown) instanceof MethodHandler)) {
      throw new TypeError(`"${node.path()}": setHandlerFor takes what _get.to(handler) and its like return.`);
    }
    const { slot } = handler;
    if (slot.kind === "method") {
      refuseIf(node.hasMethod(slot.method) || isBefore(index, handlers, slot.method), node, slot.method);
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
      node.addMethodHandler(handler);
    } else if (handler.slot.kind === "wildcard-method") {
      node.wildcardMethod = handler;
    } else {
      node.mistargetedRequest = handler;
    }
  }
}

/** Whether one of the first handlers is for the method, too. */
function isBefore(end: number, handlers: readonly AnyMethodHandler[], method: string): boolean {
  for (let index = 0; index < end; index++) {
    const { slot } = handlers[index] as AnyMethodHandler;
    if (slot.kind === "method" && slot.method === method) {
      return true;
    }
  }
  return false;
}

function refuseIf(isTaken: boolean, node: ResourceNode, what: string): void {
  if (isTaken) {
    throw new DuplicateHandlerError(node.path(), what);
  }
}
