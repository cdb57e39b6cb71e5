import { LightResponse } from "../../response/light-response.ts";
import { discardResult } from "../../response/node-send.ts";
import { type CurrentVersion, describeVersion } from "./current-version.ts";

/** The headers that the client's copy is updated with: all but those that tell of the bytes (RFC 9110 §15.4.5). */
export function notModified(response: LightResponse): LightResponse {
  const bare = new LightResponse(null, { status: 304, headers: response.headers });
  for (const name of CONTENT_HEADERS) {
    bare.headers.delete(name);
  }
  discardResult(response);
  return bare;
}

/**
 * The same where no response has been made. `Last-Modified` is in it only for want of an `ETag`: what is not needed to find
 * the client's copy should not be sent (RFC 9110 §15.4.5). `Date` is the server's.
 */
export function versionNotModified({ etag, lastModified, headers }: CurrentVersion): LightResponse {
  const version = etag === undefined ? { lastModified, headers } : { etag, headers };
  return describeVersion(new LightResponse(null, { status: 304 }), version);
}

const CONTENT_HEADERS = [
  "content-type",
  "content-length",
  "content-encoding",
  "content-language",
  "content-range",
  "accept-ranges",
  "trailer",
];
