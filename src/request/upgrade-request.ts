import { listItems } from "./forwarded.ts";
import { rawHeader } from "./node-headers.ts";
import type { NodeRequest } from "./node-types.ts";

let isExpected = false;

/**
 * Says that something in this process answers upgrades. Until then, `Upgrade` headers are ignored, as RFC 9110 §7.8
 * allows: nothing is done to connections on behalf of a client alone.
 */
export function expectUpgrades(): void {
  isExpected = true;
}

/** Whether a request of HTTP/1 asks for a WebSocket, and somebody may have one for it (RFC 6455 §4.2.1). */
export function asksForWebSocket(request: NodeRequest): boolean {
  return (
    isExpected &&
    request.method === "GET" &&
    request.httpVersionMajor === 1 &&
    request.httpVersionMinor >= 1 &&
    hasItem(rawHeader(request.rawHeaders, "upgrade"), "websocket") &&
    hasItem(rawHeader(request.rawHeaders, "connection"), "upgrade")
  );
}

/**
 * Whether a request of HTTP/1 asks for any upgrade (RFC 9110 §7.8): Node's parser takes what follows it in the same bytes
 * for another protocol.
 */
export function asksForUpgrade({ httpVersionMajor, rawHeaders }: NodeRequest): boolean {
  return (
    httpVersionMajor === 1 &&
    rawHeader(rawHeaders, "upgrade") !== undefined &&
    hasItem(rawHeader(rawHeaders, "connection"), "upgrade")
  );
}

/** Whether a list such as `keep-alive, Upgrade` has an item, in any case. */
export function hasItem(list: string | undefined, item: string): boolean {
  return listItems(list).some((one) => one.toLowerCase() === item);
}
