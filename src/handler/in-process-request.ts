import { assertOptions } from "../common/assert-options.ts";
import type { LinkSocket } from "../common/protocol-switch.ts";
import { type WebConnection, WebSource } from "../request/web-source.ts";

/** What `fetch` takes, with any method and any host. */
export interface ServiceRequestInit {
  readonly method?: string;
  readonly headers?: RequestInit["headers"];
  readonly body?: RequestInit["body"];
  readonly signal?: AbortSignal;
  /** The client's address as the handlers see it; "127.0.0.1" by default. */
  readonly remoteAddress?: string;
  /** Where a path is asked for: a scheme and a host, "http://localhost" by default. A `Host` header wins over the host. */
  readonly origin?: string;
  /** @internal Opens a WebSocket: the test client's way. */
  readonly linkSocket?: LinkSocket;
}

/** `duplex` is what `fetch` demands beside a stream. */
const NAMES = ["method", "headers", "body", "signal", "remoteAddress", "origin", "duplex"] as const;
const LOCALHOST = { origin: "http://localhost", host: "localhost" } as const;

/** Methods that the Fetch Standard keeps out of `Request` (§5.4), but HTTP has. */
const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * A request that comes from no network. The target of a path is kept as it is written: a URL parser would fold `..`
 * and hide from a test what a real client can send.
 *
 * Throws a `TypeError` for options that there are not.
 */
export function inProcessRequest(
  pathOrUrl: string | URL,
  init: ServiceRequestInit | undefined,
  connection: Pick<WebConnection, "reportFailure" | "bodyMemory" | "mountPath">,
): WebSource {
  const { headers, body, signal, remoteAddress = "127.0.0.1", linkSocket } = init ?? {};
  if (linkSocket === undefined) {
    assertOptions("service.request()", init ?? {}, NAMES);
  }
  const { origin, host: ownHost } = init?.origin === undefined ? LOCALHOST : originOf(init.origin);
  const method = normalMethod(init?.method ?? "GET");
  const written = String(pathOrUrl);
  const isPath = !/^[a-z][a-z\d+.-]*:\/\//i.test(written);
  const host = new Headers(headers).get("host") ?? undefined;
  const request = new Request(isPath ? `${origin}/` : written, {
    method: FORBIDDEN_METHODS.has(method.toUpperCase()) ? "GET" : method,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined || body === null ? {} : { body, duplex: "half" }),
    ...(signal === undefined ? {} : { signal }),
  } as RequestInit);
  return new WebSource(request, {
    ...connection,
    method,
    remoteAddress,
    linkSocket,
    ...(isPath ? { target: latin1OfUtf8(written), host: host ?? ownHost } : {}),
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

/** Throws a `TypeError` for what is no origin. */
export function originOf(written: string): { readonly origin: string; readonly host: string } {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href) {
    throw new TypeError(
      `An origin is a scheme and a host, as in "https://example.com:8443", not ${JSON.stringify(written)}.`,
    );
  }
  return url;
}
