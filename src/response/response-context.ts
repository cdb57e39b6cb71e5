/** What a response may ask of the request that it answers; `RequestContext` has it. */
export interface ResponseContext {
  readonly method: string;
  /** One header, several values joined by ", "; `undefined` when there is none. */
  header(name: string): string | undefined;
}
