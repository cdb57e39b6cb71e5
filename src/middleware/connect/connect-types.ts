/** Whatever an event hands over; those who listen know what it is. */
export type ConnectListener = { listener(...values: unknown[]): void }["listener"];

/** The parts of an `IncomingMessage` that middleware written in place may use; that of Node has more. */
export interface ConnectRequest {
  method?: string | undefined;
  /** The path below the resource that the middleware stands on, and the query: as `app.use(path, …)` cuts it. */
  url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders: string[];
  readonly httpVersion: string;
  readonly complete: boolean;
  readonly destroyed: boolean;
  on(event: string, listener: ConnectListener): unknown;
  once(event: string, listener: ConnectListener): unknown;
  off(event: string, listener: ConnectListener): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** The parts of a `ServerResponse` that middleware written in place may use; that of Node has more. */
export interface ConnectResponse {
  statusCode: number;
  statusMessage: string;
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  readonly destroyed: boolean;
  setHeader(name: string, value: number | string | readonly string[]): unknown;
  getHeader(name: string): number | string | string[] | undefined;
  getHeaderNames(): string[];
  hasHeader(name: string): boolean;
  removeHeader(name: string): void;
  writeHead(status: number): unknown;
  write(chunk: string | Uint8Array): boolean;
  end(): unknown;
  end(chunk: string | Uint8Array): unknown;
  flushHeaders(): void;
  on(event: string, listener: ConnectListener): unknown;
  once(event: string, listener: ConnectListener): unknown;
  off(event: string, listener: ConnectListener): unknown;
}

/** Hands a request on, or an error outwards. */
export type ConnectNext = (error?: unknown) => void;

/** Any middleware of Express or Connect. Methods compare both ways, so that those with types of their own fit, too. */
export type ConnectMiddleware = {
  middleware(request: ConnectRequest, response: ConnectResponse, next: ConnectNext): unknown;
}["middleware"];

/** An error middleware of Express or Connect, which has four parameters. */
export type ConnectErrorMiddleware = {
  middleware(error: unknown, request: ConnectRequest, response: ConnectResponse, next: ConnectNext): unknown;
}["middleware"];
