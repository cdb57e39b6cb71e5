/** What a response may ask of the request that it answers; `RequestContext` has it. */
export interface ResponseContext {
  readonly method: string;
  /** The pattern of the resource that answers. */
  readonly routePattern?: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /** One header, several values joined by ", "; `undefined` when there is none. */
  header(name: string): string | undefined;
}
