import { ArganiaError } from "../common/argania-error.ts";
import { describeValue } from "../common/describe-value.ts";
import { isPlain } from "../common/is-plain.ts";
import { LightHeaders } from "../common/light-headers.ts";
import { isPromiseLike } from "../common/maybe-promise.ts";
import { warnOfNothing } from "./forgotten-return.ts";
import { jsonText } from "./json-text.ts";
import { LightResponse } from "./light-response.ts";
import type { ResponseContext } from "./response-context.ts";

/**
 * A value that knows how it looks as a response. It is told the request where it is known: everywhere but in
 * `respond(…)`, whose result is made ready for its request later.
 */
export interface ResponseLike {
  intoResponse(context?: ResponseContext): unknown;
}

/**
 * What a handler may return: a `Response`, text, a `Uint8Array`, a `ReadableStream`, an async iterable of bytes or text, a
 * status, nothing, a `ResponseLike`, or a plain object or array, which becomes JSON.
 *
 * All that are objects are one here, because the type checker would try one after the other for each handler.
 */
export type IntoResponse = string | number | object | null | undefined | void;

/** A handler or layer returned something that is no response. The client gets a 500 that does not say so. */
export class InvalidResponseError extends ArganiaError {
  readonly code = "ARGANIA_INVALID_RESPONSE";
}

const TEXT = "text/plain; charset=utf-8";
const BYTES = "application/octet-stream";
export const JSON_TYPE = "application/json";

/**
 * Makes a response of whatever a handler returned (CONTRACT §6).
 *
 * Throws an `InvalidResponseError` (`ARGANIA_INVALID_RESPONSE`) for what cannot be one, a
 * `JsonValueError` (`ARGANIA_JSON_VALUE`) for what JSON cannot hold, and whatever an `intoResponse()` throws.
 *
 * @param context the request, for responses that depend on it; without it they stay as they are
 */
export function intoResponse(value: unknown, context?: ResponseContext): LightResponse {
  if (value instanceof LightResponse) {
    return context === undefined ? value : value.settledFor(context);
  }
  switch (typeof value) {
    case "string":
      return LightResponse.of(value, TEXT);
    case "undefined":
      if (context !== undefined) {
        warnOfNothing(context);
      }
      return new LightResponse();
    case "number":
      return fromStatus(value);
    case "object":
      return value === null ? new LightResponse() : fromObject(value, context);
    default:
      throw notAResponse(`a ${typeof value}`);
  }
}

function fromStatus(status: number): LightResponse {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw notAResponse(
      `the number ${status}, which is no status of a response: those are 200 to 599 (for a JSON number, return json(${status}))`,
    );
  }
  return new LightResponse(null, { status });
}

/** Only what the platform may have made is compared with its classes: Node loads its whole fetch for that. */
function fromObject(value: object, context: ResponseContext | undefined): LightResponse {
  if (value instanceof Uint8Array || value instanceof ReadableStream) {
    return LightResponse.of(value, BYTES);
  }
  if (Symbol.toStringTag in value && value instanceof Response) {
    return fromWebResponse(value);
  }
  if (value instanceof Error) {
    // Returned instead of thrown: it goes the way of every other error, past the layers that wait for one.
    throw value;
  }
  if (typeof (value as Partial<ResponseLike>).intoResponse === "function") {
    return fromResponseLike(value as ResponseLike, context);
  }
  if (Symbol.asyncIterator in value) {
    return LightResponse.of(value as AsyncIterable<Uint8Array | string>, BYTES);
  }
  if (isPromiseLike(value)) {
    throw notAResponse("a promise where a response was due (await it first)");
  }
  if (value instanceof ArrayBuffer) {
    return LightResponse.of(new Uint8Array(value), BYTES);
  }
  if (value instanceof Blob) {
    return LightResponse.of(value.stream(), value.type || BYTES);
  }
  if (value instanceof URLSearchParams) {
    return LightResponse.of(value.toString(), "application/x-www-form-urlencoded");
  }
  if (Symbol.iterator in value && !Array.isArray(value)) {
    refuseIterable(value);
  }
  const text = jsonText(value);
  if (text === "{}") {
    refuseOpaque(value);
  }
  return jsonTextResponse(text, 200);
}

/** Arrays and what has toJSON() apart, JSON leaves nothing of the items. */
function refuseIterable(value: object): void {
  if (typeof (value as { toJSON?: unknown }).toJSON !== "function") {
    throw notAResponse(iterableProblem(value));
  }
}

function iterableProblem(value: object): string {
  const tag: unknown = Symbol.toStringTag in value ? value[Symbol.toStringTag] : "";
  return value instanceof Map || value instanceof Set
    ? "a Map or Set, which JSON would make an empty object of (return json([...it]))"
    : tag === "FormData"
      ? "a FormData, which is sent by browsers (return new Response(form) where it is meant, or json(Object.fromEntries(form)))"
      : tag === "Generator"
        ? "a synchronous generator, whose items JSON leaves out (return json([...it]), jsonStream(it), or for text and bytes write async function*)"
        : `an iterable (${describeValue(value)}), whose items JSON leaves out (return json([...it]))`;
}

function refuseOpaque(value: object): void {
  if (value instanceof RegExp) {
    throw notAResponse("a RegExp, which JSON would make an empty object of (return its source)");
  }
  if (!isPlain(value) && Object.keys(value).length === 0 && !("toJSON" in value)) {
    throw notAResponse(
      `an instance of ${describeClass(value)} without fields, which JSON would make an empty object of (give the class toJSON() or intoResponse(); what gives events belongs into new EventStream(…))`,
    );
  }
}

function describeClass(instance: object): string {
  const { constructor: made } = instance as { readonly constructor?: { readonly name?: unknown } };
  return typeof made?.name === "string" && made.name !== "" ? made.name : "a class";
}

/** Throws an `InvalidResponseError` when the value has no JSON form. */
export function jsonResponse(value: unknown, status: number): LightResponse {
  return jsonTextResponse(jsonText(value), status);
}

function jsonTextResponse(text: string | undefined, status: number): LightResponse {
  if (text === undefined) {
    throw notAResponse("a value without a JSON form");
  }
  return LightResponse.of(text, JSON_TYPE, status);
}

function fromWebResponse(response: Response): LightResponse {
  if (response.bodyUsed) {
    throw notAResponse("a Response whose body has been read already (return a clone() of it)");
  }
  if (response.type === "error") {
    throw notAResponse("Response.error()");
  }
  // A fetched body has been decoded already, whatever its headers say.
  const isDecoded = response.url !== "" && response.headers.has("content-encoding");
  const headers = new LightHeaders();
  for (const [name, value] of response.headers) {
    if (!isDecoded || (name !== "content-encoding" && name !== "content-length")) {
      headers.list.push(name, value);
    }
  }
  const { status, statusText } = response;
  return new LightResponse(response.body as ReadableStream<Uint8Array> | null, {
    status,
    statusText,
    headers,
  });
}

function fromResponseLike(value: ResponseLike, context: ResponseContext | undefined): LightResponse {
  const made = value.intoResponse(context);
  if (made === value) {
    throw notAResponse("an object whose intoResponse() returns itself");
  }
  return intoResponse(made, context);
}

function notAResponse(what: string): InvalidResponseError {
  return new InvalidResponseError(
    `A handler returned ${what}. It may return a Response, text, bytes, a stream, null, a status code, a plain object or array (JSON), or anything with intoResponse().`,
  );
}
