import { bodyStreamOf } from "./body-stream.ts";
import type { LightResponse, Payload } from "./light-response.ts";
import { isBodiless } from "./status-code.ts";
import { webBody } from "./web-body.ts";

/** The platform's own response, for runtimes that take nothing else. The body of `HEAD` is let go of. */
export function toWebResponse(response: LightResponse, isHead = false): Response {
  const { status, statusText } = response;
  const payload = response.takePayload();
  const headers = response.headerPairs();
  const hasNoBody = isHead || isBodiless(status);
  if (
    !isBodiless(status) &&
    (typeof payload === "string" || payload instanceof Uint8Array) &&
    !response.headers.has("content-length")
  ) {
    headers.push(["content-length", String(byteLength(payload))]);
  }
  if (hasNoBody) {
    release(payload);
  }
  return new Response(hasNoBody ? null : webBody(payload), { status, statusText, headers });
}

/** Tells a stream that nobody will read it. */
function release(payload: Payload): void {
  if (payload !== null && typeof payload === "object" && !(payload instanceof Uint8Array)) {
    bodyStreamOf(payload)
      .cancel()
      .catch(() => {});
  }
}

function byteLength(payload: string | Uint8Array): number {
  return typeof payload === "string" ? new TextEncoder().encode(payload).byteLength : payload.byteLength;
}
