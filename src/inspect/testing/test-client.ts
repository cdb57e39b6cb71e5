import { describeValue } from "../../common/describe-value.ts";
import { originOf } from "../../handler/in-process-request.ts";
import { InProcessSocket } from "./in-process-socket.ts";
import { type PendingResponse, pendingResponse } from "./pending-response.ts";
import { encodeBody } from "./request-body.ts";
import { RequestScope } from "./request-scope.ts";
import { RequestSender, type ServiceInit, type TestedService } from "./request-sender.ts";
import { cookiePlace, requestTarget } from "./request-target.ts";
import { beginningOf, shownAnswer, TestClientError } from "./test-client-error.ts";
import {
  assertClientOptions,
  assertInit,
  mergedHeaders,
  type TestClientOptions,
  type TestEventsInit,
  type TestRequestInit,
  type TestWebSocketInit,
} from "./test-client-options.ts";
import { TestCookieJar } from "./test-cookie-jar.ts";
import { TestEvents } from "./test-events.ts";
import { TestWebSocket } from "./test-web-socket.ts";

/** A client of a service in the same process, as `testClient` makes it. */
export class TestClient {
  /** The cookies that it has been given, and sends. */
  readonly cookies: TestCookieJar;
  readonly #sender: RequestSender;
  readonly #options: TestClientOptions;
  readonly #origin: string;
  readonly #scopes: Set<RequestScope> = new Set();
  readonly #sockets: Set<TestWebSocket> = new Set();
  #isClosed = false;

  /** @internal Use {@link testClient}. */
  constructor(service: TestedService, options: TestClientOptions) {
    assertClientOptions(options);
    this.#options = options;
    this.#origin = originOf(options.origin ?? "http://localhost").origin;
    this.cookies = new TestCookieJar(cookiePlace(requestTarget("/", undefined, this.#origin), null));
    this.#sender = new RequestSender(service, options.cookies === false ? null : this.cookies);
  }

  get(path: string | URL, init?: TestRequestInit): PendingResponse {
    return this.request("GET", path, init);
  }

  head(path: string | URL, init?: TestRequestInit): PendingResponse {
    return this.request("HEAD", path, init);
  }

  post(path: string | URL, init?: TestRequestInit): PendingResponse {
    return this.request("POST", path, init);
  }

  put(path: string | URL, init?: TestRequestInit): PendingResponse {
    return this.request("PUT", path, init);
  }

  patch(path: string | URL, init?: TestRequestInit): PendingResponse {
    return this.request("PATCH", path, init);
  }

  delete(path: string | URL, init?: TestRequestInit): PendingResponse {
    return this.request("DELETE", path, init);
  }

  options(path: string | URL, init?: TestRequestInit): PendingResponse {
    return this.request("OPTIONS", path, init);
  }

  /**
   * A request with any method. A path goes to the tree exactly as it is written; a whole URL may name another host.
   *
   * Rejects with a `TypeError` for a path without its slash.
   */
  request(method: string, path: string | URL, init: TestRequestInit = {}): PendingResponse {
    return pendingResponse(this.#request(method, path, init), `${method} ${String(path)}`);
  }

  /** Opens a stream of server-sent events. */
  events(path: string | URL, init: TestEventsInit = {}): TestEvents {
    assertInit("events", init);
    const { lastEventId = "" } = init;
    const headers = mergedHeaders({ accept: "text/event-stream", "cache-control": "no-store" }, init.headers);
    if (lastEventId !== "") {
      headers.set("last-event-id", lastEventId);
    }
    const abort = new AbortController();
    const signal = init.signal === undefined ? abort.signal : AbortSignal.any([init.signal, abort.signal]);
    const { lastEventId: _, ...rest } = init;
    const response = this.#request("GET", path, { ...rest, headers, signal });
    return new TestEvents(response, `GET ${String(path)}`, lastEventId, () => abort.abort());
  }

  /**
   * Opens a WebSocket, over no network and without frames: `argania/websocket` cannot tell the difference. Its options
   * hold: origins, protocols, the length of messages, what may wait. Compression and pings there are none.
   *
   * Rejects with a `TestClientError` (`ARGANIA_TEST_CLIENT`), which has the `response`, when the handshake is refused.
   */
  async webSocket(path: string | URL, init: TestWebSocketInit = {}): Promise<TestWebSocket> {
    assertInit("webSocket", init);
    const { protocols = [], signal } = init;
    const headers = mergedHeaders(handshakeHeaders(protocols), this.#options.headers, init.headers);
    const target = requestTarget(path, init.query, this.#origin);
    const scope = this.#scope(signal);
    let link: InProcessSocket | undefined;
    const socket = new TestWebSocket((end) => {
      link = new InProcessSocket(end);
      return link;
    });
    const linkSocket: ServiceInit["linkSocket"] = (server) => (link as InProcessSocket).link(server);
    const outgoing = { method: "GET", target, headers, init: { ...this.#initFor(init), linkSocket } };
    const response = await this.#sender.send(outgoing, scope).catch((error: unknown) => {
      scope.finish();
      socket.terminate();
      throw error;
    });
    if (response.status !== 101) {
      // Without an upgrade it is an answer as any other, which may have no end.
      const answer = scope.watch(response);
      const shown = shownAnswer(`GET ${String(path)}`, answer, await beginningOf(answer.clone()));
      throw new TestClientError(`${shown}\nNo WebSocket was opened.`, { response: answer });
    }
    scope.finish();
    this.#sockets.add(socket);
    socket.closed.then(() => this.#sockets.delete(socket));
    return socket.open(response.headers);
  }

  /**
   * Goes away: requests on their way are aborted, streams end, WebSockets are closed with 1001. Fulfilled when they are
   * closed. Requests that come after it reject with a `TestClientError` (`ARGANIA_TEST_CLIENT`).
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const scope of [...this.#scopes]) {
      scope.abort(new DOMException("The test client was closed.", "AbortError"));
    }
    await Promise.all([...this.#sockets].map((socket) => socket.close(1001)));
  }

  async #request(method: string, path: string | URL, init: TestRequestInit): Promise<Response> {
    assertInit("request", init);
    const { body = null, headers: bodyHeaders, isStream } = encodeBody(init);
    const target = requestTarget(path, init.query, this.#origin);
    const headers = mergedHeaders(bodyHeaders, this.#options.headers, init.headers);
    const outgoing = { method, target, headers, init: { ...this.#initFor(init), body } };
    const follows = (init.redirect ?? this.#options.redirect) === "follow";
    const scope = this.#scope(init.signal);
    try {
      return follows
        ? await this.#sender.follow(outgoing, isStream, scope)
        : scope.watch(await this.#sender.send(outgoing, scope));
    } catch (error) {
      scope.finish();
      throw error;
    }
  }

  #initFor({ remoteAddress = this.#options.remoteAddress }: { remoteAddress?: string }): ServiceInit {
    return { origin: this.#origin, ...(remoteAddress === undefined ? {} : { remoteAddress }) };
  }

  #scope(signal: AbortSignal | undefined): RequestScope {
    if (this.#isClosed) {
      throw new TestClientError("The test client is closed: make another one.");
    }
    return new RequestScope(signal, this.#scopes);
  }
}

/** RFC 6455 §4.1. */
function handshakeHeaders(protocols: readonly string[]): Record<string, string> {
  const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  return {
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": key,
    ...(protocols.length === 0 ? {} : { "sec-websocket-protocol": protocols.join(", ") }),
  };
}

/**
 * A client for tests that answers in process: no socket is opened, and what the handlers see is what they see of a real
 * client. It keeps cookies, writes and reads bodies, follows redirects if asked to, and opens streams of server-sent
 * events and WebSockets.
 *
 * Throws a `TypeError` for what is no service, and for unknown options.
 *
 * @example
 * ```ts
 * const client = testClient(root.intoService());
 * await client.post("/login", { form: { user: "ada", password: "x" } }).expectStatus(303);
 * const me = await client.get("/me").json<{ name: string }>();
 * await client.close();
 * ```
 */
export function testClient(service: TestedService, options: TestClientOptions = {}): TestClient {
  if (typeof (service as Partial<TestedService> | null | undefined)?.request !== "function") {
    throw new TypeError(
      `testClient takes a service, not ${describeValue(service)}: write testClient(root.intoService()).`,
    );
  }
  return new TestClient(service, options);
}
