import { describeValue } from "../../common/describe-value.ts";
import { LightHeaders } from "../../common/light-headers.ts";
import { InvalidResponseError, intoResponse } from "../../response/into-response.ts";
import { LightResponse, type Payload } from "../../response/light-response.ts";
import type { ResponseContext } from "../../response/response-context.ts";

/** A `Response` of another implementation than the platform's, as Yoga's on Node. */
interface ForeignResponse {
  readonly status: number;
  readonly statusText?: string;
  readonly headers: Headers;
  readonly body: unknown;
  readonly bodyUsed?: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * What a fetch app has answered, as layers see it: mutable, with each cookie by itself, its body not read yet.
 *
 * Throws an `InvalidResponseError` (`ARGANIA_INVALID_RESPONSE`) for what is no `Response`: what a handler of the tree may
 * return besides would hide a mistake in the app.
 */
export function fetchedResponse(value: unknown, context: ResponseContext): LightResponse {
  if (value instanceof Response) {
    return intoResponse(value, context);
  }
  if (isForeignResponse(value)) {
    return fromForeign(value);
  }
  throw new InvalidResponseError(
    `A fetch app answered with ${describeValue(value)}, not with a Response: have it return one for every request, such as new Response(null, { status: 404 }).`,
  );
}

/** Whether it is a `Response` by its members, whichever class it has. */
export function isForeignResponse(value: unknown): value is ForeignResponse {
  const { status, headers, arrayBuffer } = (value ?? {}) as Partial<ForeignResponse>;
  return (
    typeof status === "number" && typeof headers?.forEach === "function" && typeof arrayBuffer === "function"
  );
}

function fromForeign(response: ForeignResponse): LightResponse {
  if (response.bodyUsed === true) {
    throw new InvalidResponseError(
      "A fetch app answered with a Response whose body has been read already (return a clone() of it).",
    );
  }
  const headers = new LightHeaders();
  response.headers.forEach((value, name) => {
    if (name.toLowerCase() !== "set-cookie") {
      headers.append(name, value);
    }
  });
  for (const cookie of response.headers.getSetCookie?.() ?? []) {
    headers.append("set-cookie", cookie);
  }
  const { status, statusText = "" } = response;
  return new LightResponse(payloadOf(response), { status, statusText, headers });
}

function payloadOf(response: ForeignResponse): Payload {
  const { body } = response;
  if (body === null || body === undefined) {
    return null;
  }
  if (body instanceof ReadableStream || Symbol.asyncIterator in (body as object)) {
    return body as Payload;
  }
  return {
    async *[Symbol.asyncIterator]() {
      yield new Uint8Array(await response.arrayBuffer());
    },
  };
}
