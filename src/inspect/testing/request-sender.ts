import type { Service } from "../../handler/service.ts";
import { headersFor, MOST_REDIRECTS, redirectOf } from "./redirects.ts";
import type { RequestScope } from "./request-scope.ts";
import { cookiePlace, type RequestTarget } from "./request-target.ts";
import { TestClientError } from "./test-client-error.ts";
import type { TestCookieJar } from "./test-cookie-jar.ts";

/** The service, as far as a client needs it. */
export type TestedService = Pick<Service, "request">;

export type ServiceInit = NonNullable<Parameters<Service["request"]>[1]>;

/** A request, ready to be sent. */
export interface Outgoing {
  readonly method: string;
  readonly target: RequestTarget;
  readonly headers: Headers;
  readonly init: ServiceInit;
}

/** Sends requests with the cookies that belong to them, and keeps those of the answers. */
export class RequestSender {
  readonly #service: TestedService;
  readonly #cookies: TestCookieJar | null;

  constructor(service: TestedService, cookies: TestCookieJar | null) {
    this.#service = service;
    this.#cookies = cookies;
  }

  async send({ method, target, headers, init }: Outgoing, scope: RequestScope): Promise<Response> {
    const place = cookiePlace(target, headers.get("host"));
    const withCookies = new Headers(headers);
    const cookie = headers.has("cookie") ? "" : (this.#cookies?.headerFor(place) ?? "");
    if (cookie !== "") {
      withCookies.set("cookie", cookie);
    }
    const { signal } = scope;
    signal.throwIfAborted();
    const sent = this.#service.request(target.written, { ...init, method, headers: withCookies, signal });
    const response = await scope.race(sent, (late) => {
      late.body?.cancel().catch(() => {});
    });
    this.#cookies?.take(response.headers, place);
    return response;
  }

  /** Sends a request, and those that its answers redirect to. The last answer tells its URL. */
  async follow(first: Outgoing, isStream: boolean, scope: RequestScope): Promise<Response> {
    let outgoing = first;
    for (let count = 0; count <= MOST_REDIRECTS; count++) {
      const { method, target, headers, init } = outgoing;
      const response = await this.send(outgoing, scope);
      const redirected = redirectOf(response, method, target.url);
      if (redirected === null) {
        return named(scope.watch(response), target.url, count > 0);
      }
      await response.body?.cancel();
      if (redirected.keepsBody && isStream) {
        throw new TestClientError(
          `${method} ${target.written} was redirected, and a stream cannot be sent twice.`,
        );
      }
      outgoing = {
        method: redirected.method,
        target: { written: redirected.url.href, url: redirected.url },
        headers: headersFor(headers, redirected, target.url),
        init: redirected.keepsBody ? init : { ...init, body: null },
      };
    }
    throw new TestClientError(
      `${first.method} ${first.target.written} was redirected more than ${MOST_REDIRECTS} times.`,
    );
  }
}

/** As `fetch` tells where an answer has come from in the end. */
function named(response: Response, url: URL, redirected: boolean): Response {
  return Object.defineProperties(response, {
    url: { value: url.href, configurable: true },
    redirected: { value: redirected, configurable: true },
  });
}
