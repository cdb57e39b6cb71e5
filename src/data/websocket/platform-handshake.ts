import { type Agreement, addedHeaders } from "./agreement.ts";
import type { WebSocketSettings } from "./web-socket-options.ts";

/** A handshake for the platform to answer. */
export interface PlatformHandshake {
  /** The very request that the platform has handed over. */
  readonly request: Request;
  /** What it has passed beside it. */
  readonly env: unknown;
  readonly agreement: Agreement;
  readonly settings: WebSocketSettings;
  /** What handler and layers have set, names and values in turns. */
  readonly headers: readonly string[];
  /** Takes the callback's failure. */
  readonly report: (error: unknown) => void;
}

/** The headers of the answer that are not the platform's own business. */
export function answerHeaders({ agreement, headers }: PlatformHandshake): [string, string][] {
  const { protocol } = agreement;
  return [
    ...(protocol === "" ? [] : ([["sec-websocket-protocol", protocol]] as [string, string][])),
    ...addedHeaders(headers),
  ];
}
