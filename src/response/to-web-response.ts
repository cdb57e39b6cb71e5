import { byteLength } from "../common/byte-length.ts";
import { bodyStreamOf } from "./body-stream.ts";
import type { LightResponse, Payload } from "./light-response.ts";
import { isBodiless } from "./status-code.ts";
import { webBody } from "./web-body.ts";

/** The platform's own response, for runtimes that take nothing else. The body of `HEAD` is let go of. */
export function toWebResponse(response: LightResponse, isHead = false): Response {
  const { status, statusText } = response;
  const payload = response.takePayload();
  const hasNoBody = isHead || isBodiless(status);
  const headers = headersInit(response.headerList, wholeLength(response, payload, isHead));
  if (hasNoBody) {
    release(payload);
  }
  const body = hasNoBody ? null : webBody(payload);
  // Each member that is not there saves a conversion.
  const init = status === 200 && statusText === "" ? { headers } : { status, statusText, headers };
  return new Response(
    body,
    hasHeader(response.headerList, "content-encoding") ? { ...init, ...AS_IT_IS } : init,
  );
}

/** For Cloudflare Workers, which would encode once more what says that it is encoded. Others do not know the member. */
const AS_IT_IS = { encodeBody: "manual" };

function hasHeader(list: readonly string[] | null, wanted: string): boolean {
  return list?.some((name, index) => index % 2 === 0 && name === wanted) === true;
}

/**
 * As an object where no name is repeated, which the platform reads in half the time that pairs take.
 *
 * @param length what is really sent, whatever the handler has said: the rest would be taken for the next response
 */
function headersInit(
  list: readonly string[] | null,
  length: number | null,
): Record<string, string> | [string, string][] {
  const object: Record<string, string> = {};
  for (let index = 0; list !== null && index < list.length; index += 2) {
    const name = list[index] as string;
    if (Object.hasOwn(object, name) || name === "__proto__") {
      return pairsOf(list, length);
    }
    object[name] = list[index + 1] as string;
  }
  if (length !== null) {
    object["content-length"] = String(length);
  }
  return object;
}

function pairsOf(list: readonly string[], length: number | null): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < list.length; index += 2) {
    if (length === null || list[index] !== "content-length") {
      pairs.push([list[index] as string, list[index + 1] as string]);
    }
  }
  if (length !== null) {
    pairs.push(["content-length", String(length)]);
  }
  return pairs;
}

/**
 * `null` where the runtime or the handler tells it: a stream, and `HEAD` that is answered without the body whose length is
 * told (RFC 9110 §9.3.2).
 */
function wholeLength(
  { status, headerList }: LightResponse,
  payload: Payload,
  isHead: boolean,
): number | null {
  if (isBodiless(status)) {
    return null;
  }
  if (payload === null) {
    return !isHead && hasHeader(headerList, "content-length") ? 0 : null;
  }
  return typeof payload === "string" || payload instanceof Uint8Array ? byteLength(payload) : null;
}

/** Tells a stream that nobody will read it. */
function release(payload: Payload): void {
  if (payload !== null && typeof payload === "object" && !(payload instanceof Uint8Array)) {
    bodyStreamOf(payload)
      .cancel()
      .catch(() => {});
  }
}
