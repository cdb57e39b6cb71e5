import { type WebConnection, WebSource } from "../request/web-source.ts";

/** What `fetch` takes, with any method and any host. */
export interface ServiceRequestInit {
  readonly method?: string;
  readonly headers?: RequestInit["headers"];
  readonly body?: RequestInit["body"];
  readonly signal?: AbortSignal;
  /** The client's address as the handlers see it; "127.0.0.1" by default. */
  readonly remoteAddress?: string;
}

/** Methods that the Fetch Standard keeps out of `Request` (§5.4), but HTTP has. */
const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * A request that comes from no network. The target of a path is kept as it is written: a URL parser would fold `..`
 * and hide from a test what a real client can send.
 */
export function inProcessRequest(
  pathOrUrl: string | URL,
  init: ServiceRequestInit | undefined,
  connection: Pick<WebConnection, "reportFailure" | "bodyMemory">,
): WebSource {
  const { headers, body, signal, remoteAddress = "127.0.0.1" } = init ?? {};
  const method = normalMethod(init?.method ?? "GET");
  const written = String(pathOrUrl);
  const isPath = !/^[a-z][a-z\d+.-]*:\/\//i.test(written);
  const host = new Headers(headers).get("host") ?? undefined;
  const request = new Request(isPath ? "http://localhost/" : written, {
    method: FORBIDDEN_METHODS.has(method.toUpperCase()) ? "GET" : method,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined || body === null ? {} : { body, duplex: "half" }),
    ...(signal === undefined ? {} : { signal }),
  } as RequestInit);
  return new WebSource(request, {
    ...connection,
    method,
    remoteAddress,
    ...(isPath ? { target: latin1OfUtf8(written), host: host ?? "localhost" } : {}),
  });
}

/** Fetch Standard §4.1: `fetch` writes these methods in upper case, and no others. */
function normalMethod(method: string): string {
  return /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;
}

/** As Node hands over what came in as bytes. */
function latin1OfUtf8(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}
