import type { RequestSource } from "./request-source.ts";

/** What a web-standard request is made of. */
type RequestParts = Pick<RequestSource, "method" | "headers" | "signal" | "body">;

/** A new web-standard request for `url`, with the same body. */
export function toRequest(source: RequestParts, url: string): Request {
  const { method, headers, signal } = source;
  if (UNREQUESTABLE.has(method)) {
    throw new TypeError(`A web Request cannot have the method ${method}: use the context itself.`);
  }
  // The Fetch Standard (§5.4) has no body for these, HTTP has: it stays readable as `context.body`.
  const body = method === "GET" || method === "HEAD" ? null : source.body;
  const init = { method, headers: [...headers], signal };
  return keptBy(
    signal,
    new Request(url, body === null ? init : ({ ...init, body, duplex: "half" } as RequestInit)),
  );
}

/** The requests that follow a signal. */
const followers = new WeakMap<AbortSignal, Request[]>();

/**
 * Keeps a request as long as the signal that it follows. Node holds it only weakly: somebody who streams, and has kept a
 * listener and nothing else, would never hear of a client that has gone once the request has been collected.
 */
export function keptBy(signal: AbortSignal, request: Request): Request {
  const others = followers.get(signal);
  if (others === undefined) {
    followers.set(signal, [request]);
  } else {
    others.push(request);
  }
  return request;
}

/** Methods that the Fetch Standard keeps out of `Request` (§2.2.1). */
const UNREQUESTABLE: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);
