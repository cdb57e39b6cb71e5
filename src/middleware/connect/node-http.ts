import { builtinModule } from "../../common/builtin-module.ts";
import { DefinitionError } from "../../common/definition-error.ts";
import type { NodeRequest } from "../../request/node-types.ts";
import type { ConnectRequest, ConnectResponse } from "./connect-types.ts";

/** A header as Node keeps it. */
export type HeaderValue = number | string | readonly string[];

/** Called when something written has been taken. */
export type Written = (error?: Error | null) => void;

/** An `IncomingMessage`, as far as it is touched here. */
export interface RawRequest extends ConnectRequest, Omit<NodeRequest, keyof ConnectRequest> {
  headers: Record<string, string | string[] | undefined>;
  rawHeaders: string[];
  httpVersion: string;
  complete: boolean;
  destroyed: boolean;
  originalUrl?: string;
  baseUrl?: string | undefined;
  push(chunk: Uint8Array | null): boolean;
  destroy(error?: Error): unknown;
  emit(event: string, ...values: unknown[]): boolean;
  listenerCount(event: string): number;
  _read(size: number): void;
  readonly _readableState: { endEmitted: boolean; readingMore: boolean };
  _destroy(error: Error | null, callback: Written): void;
}

/** A `ServerResponse`, as far as it is touched here. */
export interface RawResponse extends ConnectResponse {
  writableEnded: boolean;
  destroyed: boolean;
  finished: boolean;
  _header: string | null;
  _hasBody: boolean;
  _closed: boolean;
  appendHeader(name: string, value: string | readonly string[]): unknown;
  emit(event: string, ...values: unknown[]): boolean;
  listenerCount(event: string): number;
  prependOnceListener(event: string, listener: () => void): unknown;
  _implicitHeader(): void;
  _storeHeader(statusLine: string, headers: unknown): void;
  destroy(error?: Error): unknown;
}

export interface HttpModule {
  readonly IncomingMessage: { new (socket: object): RawRequest; readonly prototype: RawRequest };
  readonly ServerResponse: { new (request: object): RawResponse; readonly prototype: RawResponse };
}

/** Middleware of Connect was given where there is no `node:http` that it could run on. */
export class ConnectRuntimeError extends DefinitionError {
  readonly code = "ARGANIA_CONNECT_RUNTIME";
}

/** What middleware runs on. Throws a `ConnectRuntimeError` (`ARGANIA_CONNECT_RUNTIME`) where that is missing. */
export function nodeHttp(): HttpModule {
  const http = builtinModule<HttpModule>("node:http");
  const prototype: object | undefined = http?.ServerResponse?.prototype;
  if (http === undefined || prototype === undefined || !("_storeHeader" in prototype)) {
    throw new ConnectRuntimeError(
      "Middleware of Connect and Express runs on Node only: elsewhere use the layers of argania/middleware.",
      [],
    );
  }
  return http;
}
