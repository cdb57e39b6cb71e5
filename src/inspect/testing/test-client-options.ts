import { assertOptions } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import type { HeadersInput } from "../../common/light-headers.ts";
import type { HrefQuery } from "../../pattern/href-query.ts";
import type { TestBody } from "./request-body.ts";

/** Options of `testClient`. */
export interface TestClientOptions {
  /** Where paths are asked for: a scheme and a host. Default: "http://localhost". */
  readonly origin?: string;
  /** Headers of every request; those of a request itself come first. */
  readonly headers?: HeadersInput;
  /** The client's address as the handlers see it. Default: "127.0.0.1". */
  readonly remoteAddress?: string;
  /** Whether cookies are kept and sent back. Default: `true`. */
  readonly cookies?: boolean;
  /** Whether redirects are followed, up to 20 of them. Default: "manual", which answers with the redirect. */
  readonly redirect?: "manual" | "follow";
}

/** A request of a test client. */
export interface TestRequestInit extends TestBody {
  /** Appended to the query that the path has. */
  readonly query?: HrefQuery | undefined;
  readonly headers?: HeadersInput;
  /** The client goes away when it is aborted. */
  readonly signal?: AbortSignal;
  /** In place of the client's own, for this request. */
  readonly remoteAddress?: string;
  readonly redirect?: "manual" | "follow";
}

/** What opens a stream of server-sent events. */
export interface TestEventsInit extends Omit<TestRequestInit, keyof TestBody | "redirect"> {
  /** Where the stream goes on: what the last one had as its `lastEventId`. */
  readonly lastEventId?: string;
}

/** What opens a WebSocket. For an `Origin`, set that header. */
export interface TestWebSocketInit extends Omit<TestRequestInit, keyof TestBody | "redirect"> {
  /** The subprotocols that the client offers, the one that it likes best first. */
  readonly protocols?: readonly string[];
}

const CLIENT = ["origin", "headers", "remoteAddress", "cookies", "redirect"] as const;
const COMMON = ["query", "headers", "signal", "remoteAddress"] as const;

/** What there is for each kind of request. */
const INIT_NAMES: Readonly<Record<"request" | "events" | "webSocket", readonly string[]>> = {
  request: [...COMMON, "json", "form", "multipart", "body", "redirect"],
  events: [...COMMON, "lastEventId"],
  webSocket: [...COMMON, "protocols"],
};

/** Throws a `TypeError` for options that there are not, or that are of the wrong kind. */
export function assertClientOptions(options: TestClientOptions): void {
  assertOptions("testClient", options, CLIENT);
  assertRedirect(options.redirect);
  if (options.cookies !== undefined && typeof options.cookies !== "boolean") {
    throw new TypeError(`cookies of testClient is true or false, not ${describeValue(options.cookies)}.`);
  }
}

/** Throws a `TypeError` for what a request has not. */
export function assertInit(kind: "request" | "events" | "webSocket", init: object): void {
  assertOptions(kind === "request" ? "A request of a test client" : kind, init, INIT_NAMES[kind]);
  assertRedirect((init as TestRequestInit).redirect);
}

function assertRedirect(redirect: unknown): void {
  if (redirect !== undefined && redirect !== "manual" && redirect !== "follow") {
    throw new TypeError(`redirect is "manual" or "follow", not ${describeValue(redirect)}.`);
  }
}

/** Headers, with further ones in place of those of the same name. */
export function mergedHeaders(...inputs: readonly (HeadersInput | undefined)[]): Headers {
  const merged = new Headers();
  for (const input of inputs) {
    for (const name of new Set(new Headers(input as Headers).keys())) {
      merged.delete(name);
    }
    for (const [name, value] of new Headers(input as Headers)) {
      merged.append(name, value);
    }
  }
  return merged;
}
