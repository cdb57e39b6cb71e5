import type { ErrorEntry } from "./error-entry.ts";

/** What a line says of a request. */
export interface RequestEntry {
  readonly requestId: string;
  readonly method: string;
  /** In its canonical encoding, without the query. */
  readonly path: string;
  /** The query, if the options want it. */
  readonly query?: string;
  readonly host: string;
  /** The pattern of the resource that answered: `context.routePattern`. */
  readonly route: string | undefined;
  /** The status that the client got; `undefined` when it had gone away before. */
  readonly status: number | undefined;
  /** From the layer's start to the end of the response, in milliseconds. */
  readonly duration: number;
  /** How long the body is, if the options want it and it was known. */
  readonly bytes?: number;
  /** The client's address; `undefined` where the runtime does not tell. */
  readonly peer: string | undefined;
  readonly userAgent?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** Whether the connection ended before the response did, through nobody's fault here. */
  readonly aborted?: true;
  readonly error?: ErrorEntry;
}
