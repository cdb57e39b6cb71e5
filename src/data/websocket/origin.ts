import { withoutStack } from "../../common/argania-error.ts";
import { chain, type MaybePromise } from "../../common/maybe-promise.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { isSameOrigin } from "../../request/same-origin.ts";
import { WebSocketOriginError } from "./web-socket-errors.ts";
import type { WebSocketSettings } from "./web-socket-options.ts";

/**
 * Refuses pages of other origins (cross-site WebSocket hijacking): browsers let any page open any WebSocket, and send
 * the cookies of its host with the handshake (RFC 6455 §10.2). Throws a `WebSocketOriginError`.
 */
export function checkOrigin(
  context: RequestContext<object>,
  origins: WebSocketSettings["origins"],
): MaybePromise<void> {
  if (origins === "any") {
    return;
  }
  const origin = context.header("origin");
  if (typeof origins === "function") {
    return chain(origins(origin, context), (isAllowed) => assertAllowed(isAllowed === true));
  }
  if (origin !== undefined) {
    const list = origins === "same" ? SAME : origins;
    assertAllowed(list.includes(origin) || (list.includes("same") && isSameOrigin(origin, context.url)));
  }
}

const SAME: readonly string[] = ["same"];

function assertAllowed(isAllowed: boolean): void {
  if (!isAllowed) {
    throw withoutStack(() => new WebSocketOriginError());
  }
}
