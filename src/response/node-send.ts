import type { DrainNotice } from "../common/drain-notice.ts";
import { type StreamBody, sourceOf } from "./chunk-source.ts";
import { InvalidResponseError, intoResponse } from "./into-response.ts";
import { isEventStream } from "./is-event-stream.ts";
import type { LightResponse, Payload } from "./light-response.ts";
import {
  asksToClose,
  connectionOf,
  declaredLength,
  hasConnectionHeaders,
  headersObject,
  unframed,
} from "./node-framing.ts";
import { hasForeignHeaders, writeMergedHead } from "./node-merged-head.ts";
import { writePreparedHead } from "./node-prepared-head.ts";
import { sendPushed } from "./node-send-pushed.ts";
import { sendStream } from "./node-send-stream.ts";
import type { NodeWritable } from "./node-writable.ts";
import { PushedBody } from "./pushed-body.ts";
import type { ResponseContext } from "./response-context.ts";
import { isBodiless } from "./status-code.ts";
import { TrailingBody } from "./trailing-body.ts";
import { SWITCHING_PROTOCOLS } from "./upgrade-response.ts";

/** How a response is to be written. */
export interface SendOptions {
  /** The answer to `HEAD`: the headers of `GET`, and no body (RFC 9110 §9.3.2). */
  readonly isHead: boolean;
  /** HTTP/2 knows no reason phrases and no connection headers (RFC 9113 §8.2.2). */
  readonly isHttp2: boolean;
  /** Has the connection go on with another protocol; only where it can. */
  readonly switchProtocols?: ((response: LightResponse) => void) | undefined;
  /** Whether nobody else sees what is written, as a middleware of Connect would. */
  readonly isOwn?: boolean;
  /** Ends responses that have no end of their own. */
  readonly drainNotice?: DrainNotice | undefined;
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
  context?: ResponseContext,
): Promise<void> | undefined {
  if (typeof result === "string" && !options.isHttp2) {
    writable.writeHead(200, [
      "content-type",
      "text/plain; charset=utf-8",
      "content-length",
      String(Buffer.byteLength(result)),
    ] as never);
    options.isHead ? writable.end() : writable.end(result);
    return undefined;
  }
  return sendResponse(writable, intoResponse(result, context), options);
}

/** {@link sendResult} for what is a response already. */
export function sendResponse(
  writable: NodeWritable,
  response: LightResponse,
  options: SendOptions,
): Promise<void> | undefined {
  const { status } = response;
  if (status === SWITCHING_PROTOCOLS) {
    switchProtocols(response, options);
    return undefined;
  }
  const payload = response.takePayload();
  const prepared = options.isOwn === true && !options.isHttp2 ? response.preparedHead : null;
  if (prepared !== null && payload === null && writePreparedHead(writable, prepared)) {
    writable.end();
    return undefined;
  }
  const headers = response.headerList ?? [];
  const isFramed = hasConnectionHeaders(headers);
  if (isFramed && asksToClose(headers)) {
    writable.shouldKeepAlive = false;
  }
  const head: Head = {
    status,
    headers,
    isFramed,
    connection:
      isFramed && !options.isHttp2 ? connectionOf(headers, writable.shouldKeepAlive !== false) : undefined,
  };
  if (isWhole(payload)) {
    sendWhole(writable, head, payload, options);
    return undefined;
  }
  if (isBodiless(status) || options.isHead) {
    discard(payload);
    sendBodiless(writable, head, options);
    return undefined;
  }
  if (payload instanceof PushedBody) {
    const begin = () => writeHead(writable, status, framed(head, undefined), options);
    return sendPushed(writable, begin, payload, options);
  }
  // Trailers stand behind the last of chunks, which a body with a length is not sent in (RFC 9112 §6.2).
  const declared = isFramed && !(payload instanceof TrailingBody) ? declaredLength(headers) : undefined;
  const begin = () =>
    writeHead(writable, status, announced(framed(head, declared), payload, writable), options);
  const isEndless = isEventStream(headers);
  return sendStream(writable, begin, payload, declared, {
    isHeadAlone: isEndless || payload instanceof ReadableStream,
    drainNotice: isEndless && declared === undefined ? options.drainNotice : undefined,
  });
}

/** Names the trailers that will come, where they can (RFC 9110 §6.6.2). HTTP/1.0 has no chunks to put them behind. */
function announced(headers: string[], payload: StreamBody, writable: NodeWritable): string[] {
  if (payload instanceof TrailingBody && writable.useChunkedEncodingByDefault !== false) {
    headers.push("trailer", payload.names.join(", "));
  }
  return headers;
}

interface Head {
  readonly status: number;
  readonly headers: string[];
  /** Whether there is a header that says something of the length or of the connection. */
  readonly isFramed: boolean;
  /** The `Connection` header, where it is not left to Node. */
  readonly connection: string | undefined;
}

/** A 101 that comes to where there is no upgrade was made for another request. */
function switchProtocols(response: LightResponse, options: SendOptions): void {
  if (options.switchProtocols === undefined) {
    throw new InvalidResponseError(
      "A response has the status 101, but its request cannot be upgraded: an upgrade answers the request that it was made for.",
    );
  }
  options.switchProtocols(response);
}

type Whole = string | Uint8Array | null;

function isWhole(payload: Payload): payload is Whole {
  return payload === null || typeof payload === "string" || payload instanceof Uint8Array;
}

function sendWhole(writable: NodeWritable, head: Head, payload: Whole, options: SendOptions): void {
  if (isBodiless(head.status)) {
    sendBodiless(writable, head, options);
    return;
  }
  const length = payload === null ? emptyLength(head, options) : Buffer.byteLength(payload);
  writeHead(writable, head.status, framed(head, length), options);
  if (options.isHead || payload === null) {
    writable.end();
  } else {
    writable.end(payload);
  }
}

/** Nothing has the length 0, unless a handler answers HEAD without the body whose length it tells. */
function emptyLength({ headers, isFramed }: Head, { isHead }: SendOptions): number {
  return isHead && isFramed ? (declaredLength(headers) ?? 0) : 0;
}

/** What the length would have been may be told for HEAD and 304; 204 has none, 205 none but 0 (RFC 9110 §8.6). */
function sendBodiless(writable: NodeWritable, head: Head, options: SendOptions): void {
  const { status, headers, isFramed } = head;
  const declared = isFramed && status !== 204 ? declaredLength(headers) : undefined;
  const length = status === 205 ? 0 : declared;
  writeHead(writable, status, framed(head, length), options);
  writable.end();
}

function writeHead(writable: NodeWritable, status: number, headers: string[], options: SendOptions): void {
  if (options.isOwn !== true && hasForeignHeaders(writable)) {
    const kept = options.isHttp2 ? Object.entries(headersObject(headers)).flatMap(flatEntry) : headers;
    writeMergedHead(writable, status, kept);
  } else if (options.isHttp2) {
    writable.writeHead(status, headersObject(headers) as never);
  } else {
    writable.writeHead(status, headers as never);
  }
}

function flatEntry([name, value]: [string, string | string[]]): string[] {
  return [value].flat().flatMap((one) => [name, one]);
}

/**
 * The headers with the length that is really sent; `undefined` is a stream of unknown length, or no body at all.
 *
 * What handlers say of the framing, often copied from another server's response, must not decide where the client
 * sees the response end: the rest would be taken for the next one (response splitting).
 */
function framed({ headers, isFramed, connection }: Head, length: number | undefined): string[] {
  const list = isFramed ? unframed(headers) : headers;
  if (connection !== undefined) {
    list.push("connection", connection);
  }
  if (length !== undefined) {
    list.push("content-length", String(length));
  }
  return list;
}

/** Lets go of a result that came too late to be sent. */
export function discardResult(result: unknown): void {
  try {
    const payload = intoResponse(result).takePayload();
    if (!isWhole(payload)) {
      discard(payload);
    }
  } catch {
    // It was no response either.
  }
}

/** Lets go of a stream that nobody will read, so that its source is closed. That may fail unnoticed. */
function discard(stream: StreamBody): void {
  sourceOf(stream)
    .release()
    .catch(() => {});
}
