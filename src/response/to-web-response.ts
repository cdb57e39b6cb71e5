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
  const headers = headersInit(response.headerList, wholeLength(status, payload));
  if (hasNoBody) {
    release(payload);
  }
  const body = hasNoBody ? null : webBody(payload);
  // Each member that is not there saves a conversion.
  const init = status === 200 && statusText === "" ? { headers } : { status, statusText, headers };
  return new Response(body, isEncoded(response.headerList) ? { ...init, ...AS_IT_IS } : init);
}

/** For Cloudflare Workers, which would encode once more what says that it is encoded. Others do not know the member. */
const AS_IT_IS = { encodeBody: "manual" };

function isEncoded(list: readonly string[] | null): boolean {
  return list?.some((name, index) => index % 2 === 0 && name === "content-encoding") === true;
}

/**
 * As an object where no name is repeated, which the platform reads in half the time that pairs take. A length of one's
 * own comes before the one given.
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
    object["content-length"] ??= String(length);
  }
  return object;
}

function pairsOf(list: readonly string[], length: number | null): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < list.length; index += 2) {
    pairs.push([list[index] as string, list[index + 1] as string]);
  }
  if (length !== null && !pairs.some(([name]) => name === "content-length")) {
    pairs.push(["content-length", String(length)]);
  }
  return pairs;
}

/** For `HEAD` nobody else could tell it, and it has the headers of `GET` (RFC 9110 §9.3.2). */
function wholeLength(status: number, payload: Payload): number | null {
  return isBodiless(status) || !(typeof payload === "string" || payload instanceof Uint8Array)
    ? null
    : byteLength(payload);
}

/** Tells a stream that nobody will read it. */
function release(payload: Payload): void {
  if (payload !== null && typeof payload === "object" && !(payload instanceof Uint8Array)) {
    bodyStreamOf(payload)
      .cancel()
      .catch(() => {});
  }
}
