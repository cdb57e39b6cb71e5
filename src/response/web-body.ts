import { bodyStreamOf } from "./body-stream.ts";
import type { Payload } from "./light-response.ts";

/** What `new Response` takes as it is, and streams of what it does not. */
export function webBody(payload: Payload): string | Uint8Array<ArrayBuffer> | ReadableStream | null {
  return payload === null || typeof payload === "string" || payload instanceof Uint8Array
    ? (payload as string | Uint8Array<ArrayBuffer> | null)
    : bodyStreamOf(payload);
}
