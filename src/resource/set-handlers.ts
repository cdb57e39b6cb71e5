import { type HandlerSlot, MethodHandler } from "../handler/method-handler.ts";
import { DuplicateHandlerError } from "./resource-errors.ts";
import type { AnyMethodHandler, ResourceNode } from "./resource-node.ts";

/** Gives handlers to a node, all of them or, when one is refused, none. */
export function setHandlers(node: ResourceNode, handlers: readonly AnyMethodHandler[]): void {
  for (let index = 0; index < handlers.length; index++) {
    const handler = handlers[index] as AnyMethodHandler;
    if (!((handler as unknown) instanceof MethodHandler)) {
      throw new TypeError(`"${node.path()}": setHandlerFor takes what _get.to(handler) and its like return.`);
    }
    if (isSet(node, handler.slot) || isForOneOf(handlers, index, handler.slot)) {
      throw new DuplicateHandlerError(node.path(), nameOf(handler.slot));
    }
  }
  for (let index = 0; index < handlers.length; index++) {
    setHandler(node, handlers[index] as AnyMethodHandler);
  }
}

function setHandler(node: ResourceNode, handler: AnyMethodHandler): void {
  switch (handler.slot.kind) {
    case "method":
      node.addMethodHandler(handler);
      break;
    case "wildcard-method":
      node.wildcardMethod = handler;
      break;
    case "mistargeted-request":
      node.mistargetedRequest = handler;
  }
}

function isSet(node: ResourceNode, slot: HandlerSlot): boolean {
  switch (slot.kind) {
    case "method":
      return node.hasMethod(slot.method);
    case "wildcard-method":
      return node.wildcardMethod !== null;
    case "mistargeted-request":
      return node.mistargetedRequest !== null;
  }
}

/** Whether one of the first `end` handlers has the same purpose. */
function isForOneOf(handlers: readonly AnyMethodHandler[], end: number, slot: HandlerSlot): boolean {
  for (let index = 0; index < end; index++) {
    const other = (handlers[index] as AnyMethodHandler).slot;
    if (other.kind === slot.kind && nameOf(other) === nameOf(slot)) {
      return true;
    }
  }
  return false;
}

function nameOf(slot: HandlerSlot): string {
  switch (slot.kind) {
    case "method":
      return slot.method;
    case "wildcard-method":
      return "all other methods";
    case "mistargeted-request":
      return "mistargeted requests";
  }
}
