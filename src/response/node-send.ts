import { isPromiseLike } from "../common/maybe-promise.ts";
import { intoResponse } from "./into-response.ts";
import type { LightResponse, Payload } from "./light-response.ts";
import { type StreamBody, sendStream } from "./node-send-stream.ts";
import type { NodeWritable } from "./node-writable.ts";
import { isBodiless } from "./status-code.ts";

/** How a response is to be written. */
export interface SendOptions {
  /** The answer to `HEAD`: the headers of `GET`, and no body (RFC 9110 §9.3.2). */
  readonly isHead: boolean;
  /** HTTP/2 knows no reason phrases and no connection headers (RFC 9113 §8.2.2). */
  readonly isHttp2: boolean;
}

/**
 * Writes what a handler returned. Text goes straight to the socket, without a response object in between.
 *
 * Resolves (or returns at once) when the response has been handed to Node as a whole; rejects when its stream
 * failed, after the connection has been broken off: half a response must not look like a whole one.
 */
export function sendResult(
  writable: NodeWritable,
  result: unknown,
  options: SendOptions,
): Promise<void> | undefined {
  if (typeof result === "string" && !options.isHttp2) {
    writable.writeHead(200, [
      "content-type",
      "text/plain; charset=utf-8",
      "content-length",
      String(Buffer.byteLength(result)),
    ]);
    options.isHead ? writable.end() : writable.end(result);
    return undefined;
  }
  return sendResponse(writable, intoResponse(result), options);
}

/** {@link sendResult} for what is a response already. */
export function sendResponse(
  writable: NodeWritable,
  response: LightResponse,
  options: SendOptions,
): Promise<void> | undefined {
  const { status } = response;
  const payload = response.takePayload();
  const headers = response.headerList ?? [];
  if (isBodiless(status) || options.isHead || payload === null || isWhole(payload)) {
    sendWhole(writable, status, headers, payload, options);
    return discard(isWhole(payload) ? null : payload);
  }
  writeHead(writable, status, headers, options);
  return sendStream(writable, payload, declaredLength(headers));
}

type Whole = string | Uint8Array | null;

function isWhole(payload: Payload): payload is Whole {
  return payload === null || typeof payload === "string" || payload instanceof Uint8Array;
}

function sendWhole(
  writable: NodeWritable,
  status: number,
  headers: string[],
  payload: Payload,
  options: SendOptions,
): void {
  const hasNoBody = isBodiless(status);
  if (
    !hasNoBody &&
    isWhole(payload) &&
    !includesName(headers, "content-length") &&
    !(options.isHead && payload === null)
  ) {
    headers.push("content-length", String(payload === null ? 0 : Buffer.byteLength(payload)));
  }
  writeHead(
    writable,
    status,
    hasNoBody ? withoutName(headers, status === 304 ? null : "content-length") : headers,
    options,
  );
  if (hasNoBody || options.isHead || payload === null || !isWhole(payload)) {
    writable.end();
  } else {
    writable.end(payload);
  }
}

function writeHead(writable: NodeWritable, status: number, headers: string[], options: SendOptions): void {
  if (options.isHttp2) {
    writable.writeHead(status, headersObject(headers));
  } else {
    writable.writeHead(status, headers);
  }
}

const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** Node's HTTP/2 takes repeated headers only as arrays and throws on connection headers. */
function headersObject(headers: readonly string[]): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = {};
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    if (!CONNECTION_HEADERS.has(name)) {
      const before = object[name];
      object[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
    }
  }
  return object;
}

function includesName(headers: readonly string[], name: string): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === name) {
      return true;
    }
  }
  return false;
}

function withoutName(headers: string[], name: string | null): string[] {
  return name === null ? headers : headers.filter((_, index) => headers[index - (index % 2)] !== name);
}

function declaredLength(headers: readonly string[]): number | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === "content-length") {
      return Number(headers[index + 1]);
    }
  }
  return undefined;
}

/** Lets go of a stream that nobody will read, so that its source is closed. */
function discard(stream: StreamBody | null): Promise<void> | undefined {
  if (stream === null) {
    return undefined;
  }
  const released =
    stream instanceof ReadableStream ? stream.cancel() : stream[Symbol.asyncIterator]().return?.(undefined);
  return isPromiseLike(released) ? (released as Promise<unknown>).then(() => undefined) : undefined;
}
