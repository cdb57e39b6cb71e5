import { byteLength } from "../../common/byte-length.ts";
import type { LightHeaders } from "../../common/light-headers.ts";
import { isCompressible } from "../../data/compression/compressible-type.ts";
import type { LightResponse } from "../../response/light-response.ts";

/**
 * Headers that hold for the bytes as they are: encoded already, a part of something, or hashed (RFC 9530, RFC 1864). An
 * encoded body would not match them any more.
 */
const OF_THESE_BYTES: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-range",
  "content-digest",
  "repr-digest",
  "digest",
  "content-md5",
]);

/** Whether a header or trailer holds for the bytes as they are. */
export function isOfTheseBytes(name: string): boolean {
  return OF_THESE_BYTES.has(name);
}

/** Quoted values may hold anything, but nobody quotes in this one. */
const NO_TRANSFORM = /(?:^|,)[ \t]*no-transform[ \t]*(?:,|$)/i;

/** Whether a response is to reach its client as it is, whatever its type. */
export function mustStay({ headerList }: LightResponse): boolean {
  for (let index = 0; headerList !== null && index < headerList.length; index += 2) {
    const name = headerList[index] as string;
    if (
      isOfTheseBytes(name) ||
      (name === "cache-control" && NO_TRANSFORM.test(headerList[index + 1] as string))
    ) {
      return true;
    }
  }
  return false;
}

/** An encoder would hold the memory of a page for each client that listens, and save little: events are short. */
const EVENT_STREAM = /^text\/event-stream\b/i;

export function isOfCompressibleType(headers: LightHeaders): boolean {
  const type = headers.get("content-type");
  return type !== null && isCompressible(type) && !EVENT_STREAM.test(type);
}

/** In bytes; `undefined` for a stream that does not say. */
export function bodyLength(response: LightResponse): number | undefined {
  const whole = response.wholePayload;
  if (whole === null) {
    const declared = response.headers.get("content-length");
    return declared === null ? undefined : Number(declared);
  }
  return byteLength(whole);
}

/** What is compressed anew is equivalent, but not the same bytes each time (RFC 9110 §8.8.1). */
export function weakenEtag(headers: LightHeaders): void {
  const etag = headers.get("etag");
  if (etag?.startsWith('"')) {
    headers.set("etag", `W/${etag}`);
  }
}
