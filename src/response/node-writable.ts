/** The parts of a `ServerResponse` or `Http2ServerResponse` that writing a response takes. */
export interface NodeWritable {
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  readonly destroyed?: boolean;
  readonly closed?: boolean;
  /** How many bytes wait before `write` says no. */
  readonly writableHighWaterMark?: number;
  readonly socket?: { destroy(error?: Error): unknown } | null | undefined;
  /** Only on HTTP/2. */
  readonly stream?:
    | { readonly destroyed?: boolean; readonly aborted?: boolean; close(code?: number): unknown }
    | undefined;
  /** Only on HTTP/1: whether the connection may be used again. */
  shouldKeepAlive?: boolean;
  /** Only on HTTP/1, and only Node knows of it: whether it frames what is written as chunks (RFC 9112 §7.1). */
  chunkedEncoding?: boolean;
  statusMessage?: string;
  /** Only on HTTP/1: false for HTTP/1.0. */
  readonly useChunkedEncodingByDefault?: boolean;
  /** Takes names and values in turns, or an object of them: no one type of them fits HTTP/1 and HTTP/2 of each Node. */
  writeHead(status: number, headers: never): unknown;
  write(chunk: Uint8Array | string): boolean;
  end(chunk?: Uint8Array | string): unknown;
  /** Always there; Node's types of HTTP/2 leave it out. */
  flushHeaders?(): void;
  /** Only where middleware compresses. */
  flush?(): void;
  /** Sent by `end()`, where the framing has a place for them. */
  addTrailers?(trailers: Record<string, string>): void;
  uncork?(): void;
  destroy(error?: Error): unknown;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  once(event: string, listener: (...values: unknown[]) => void): unknown;
  off(event: string, listener: (...values: unknown[]) => void): unknown;
}
