import type { DrainNotice } from "../../common/drain-notice.ts";
import type { WebSocketCallback } from "./run-callback.ts";

/** What one handshake has come to. */
export interface Agreement {
  readonly callback: WebSocketCallback;
  /** `Sec-WebSocket-Key` and `Sec-WebSocket-Extensions`. */
  readonly key: string | undefined;
  readonly extensions: string | undefined;
  /** The subprotocol; empty for none. */
  readonly protocol: string;
  readonly drainNotice: DrainNotice | undefined;
}

/** Headers that the handshake itself has, or that would frame a body where there is none. */
const OWN_HEADERS =
  /^(?:connection|upgrade|keep-alive|proxy-connection|transfer-encoding|te|trailer|content-(?:length|type)|sec-websocket-.*)$/;

/** What handler and layers may add to a handshake's answer. */
export function addedHeaders(list: readonly string[]): [string, string][] {
  const headers: [string, string][] = [];
  for (let index = 0; index < list.length; index += 2) {
    if (!OWN_HEADERS.test(list[index] as string)) {
      headers.push([list[index] as string, list[index + 1] as string]);
    }
  }
  return headers;
}
