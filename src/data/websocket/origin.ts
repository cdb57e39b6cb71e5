import { withoutStack } from "../../common/argania-error.ts";
import { chain, type MaybePromise } from "../../common/maybe-promise.ts";
import type { RequestContext } from "../../request/request-context.ts";
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
    assertAllowed(list.includes(origin) || (list.includes("same") && isSame(origin, context.url)));
  }
}

const SAME: readonly string[] = ["same"];

function assertAllowed(isAllowed: boolean): void {
  if (!isAllowed) {
    throw withoutStack(() => new WebSocketOriginError());
  }
}

/**
 * Whether a page comes from the host that the request names. A request that came by HTTPS wants a page that did;
 * otherwise both are taken, since something in front may have ended TLS. A host without a port has the default one
 * of the page's own scheme.
 */
function isSame(origin: string, url: URL): boolean {
  const { protocol, host } = parsed(origin) ?? {};
  if (
    protocol === undefined ||
    (protocol !== "https:" && (protocol !== "http:" || url.protocol === "https:"))
  ) {
    return false;
  }
  return host === new URL(`${protocol}//${url.host}`).host;
}

/** Only what is written as browsers write it: no path, no user, one origin. */
function parsed(origin: string): URL | undefined {
  try {
    const url = new URL(origin);
    return url.origin === origin || url.origin === origin.toLowerCase() ? url : undefined;
  } catch {
    return undefined;
  }
}
