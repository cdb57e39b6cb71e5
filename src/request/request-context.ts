import type { DrainNotice } from "../common/drain-notice.ts";
import type { Properties, PropertyKind } from "../common/property.ts";
import { AnswerHooks, type SendHook } from "./answer-hooks.ts";
import { assertWork } from "./assert-work.ts";
import { CookieJar } from "./cookies/cookie-jar.ts";
import { detached } from "./detached-method.ts";
import { RequestExtensions } from "./extensions.ts";
import type { OutcomeHook } from "./request-outcome.ts";
import type { RequestSource } from "./request-source.ts";
import type { Route } from "./route.ts";

/** Path params by name, as they are when their pattern is not known to the type checker. */
export type PathParams = Readonly<Record<string, string>>;

/**
 * One request, on its way through the tree and in a handler.
 *
 * Nothing is computed before it is asked for. What is no method may be destructured, `({ params, query }) => …`; a method
 * without its context, `({ cookies }) => cookies()`, does not compile, and is a `TypeError`. `Params` is inferred from the pattern of the resource.
 *
 * @example
 * ```ts
 * users.subresource("/{id:\\d+}").setHandlerFor(_get.to((context) => `${context.method} ${context.params.id}`));
 * ```
 */
export class RequestContext<Params extends object = PathParams> {
  /** The request method, in upper case as the client sent it: methods are case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  #source: RequestSource;
  readonly #route: Route;
  #url: URL | undefined = undefined;
  #query: URLSearchParams | undefined = undefined;
  #extensions: RequestExtensions | undefined = undefined;
  #request: Request | undefined = undefined;
  #cookies: CookieJar | undefined = undefined;
  #hooks: AnswerHooks | undefined = undefined;

  /** @internal Contexts come from a service. */
  constructor(source: RequestSource, route: Route) {
    this.method = source.method;
    this.#source = source;
    this.#route = route;
  }

  /** The path in its canonical percent-encoding: `/%61dmin` and `/admin` are both `/admin`. */
  get path(): string {
    return this.#route.path.path;
  }

  /**
   * The pattern of the resource that answers this request, from the root on, without host and symbols, such as
   * `/users/{id:\d+}`; `undefined` when none does (404). All layers see it, since where a path leads is known before they
   * run. A resource that answers for what is below it, or for mistargeted requests, has its own pattern here.
   */
  get routePattern(): string | undefined {
    const route = this.#route;
    return route.stop?.answeringPattern(route, this.method);
  }

  /** The query with its `?` as it was sent, raw bytes percent-encoded; empty when there is none. */
  get search(): string {
    return this.#route.path.search;
  }

  /** The decoded segments of the path, the same ones that routing sees. */
  get segments(): readonly string[] {
    return this.#route.path.segments();
  }

  /** The params captured so far on the way to the answering resource, hosts' included. */
  get params(): Readonly<Params> {
    return this.#route.params() as Readonly<Params>;
  }

  /** The absolute URL, its path canonical and its query as it was sent. A new `URL` once per request. */
  get url(): URL {
    const host = this.#route.authority.hostAndPort || "localhost";
    this.#url ??= new URL(`${this.scheme}://${host}${this.mountPath}${this.path}${this.search}`);
    return this.#url;
  }

  /** The query as the URL Standard parses it. */
  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.#route.path.search);
    return this.#query;
  }

  /** The request headers. Changing them changes only what later readers of this context see. */
  get headers(): Headers {
    return this.#source.headers;
  }

  /** One request header, or `undefined`; several values are joined by ", ". Cheaper than through `headers`. */
  header(this: RequestContext<object>, name: string): string | undefined {
    return (this ?? detached("header")).#source.header(name.toLowerCase());
  }

  /** The host in lower case, without port and root dot; empty for an HTTP/1.0 request without one. */
  get host(): string {
    return this.#route.authority.host;
  }

  /** How the client reached us: `https` too where a trusted proxy says so. */
  get scheme(): "http" | "https" {
    return this.#route.forwarded?.scheme ?? this.#source.scheme;
  }

  /** The client's IP address, canonical: the peer's, or what trusted proxies say; empty when the runtime does not tell. */
  get peerAddress(): string {
    const { clientAddress, forwarded } = this.#route;
    return clientAddress ?? forwarded?.peerAddress ?? this.#source.remoteAddress;
  }

  /**
   * The cookies of this request, one jar for all who ask. What is changed in it is sent with the response that it is
   * given to: `respond(context.cookies(), body)`.
   */
  cookies(this: RequestContext<object>): CookieJar {
    (this ?? detached("cookies")).#cookies ??= new CookieJar(this);
    return this.#cookies as CookieJar;
  }

  /** Values that layers and handlers of this request share, under typed keys. */
  get extensions(): RequestExtensions {
    this.#extensions ??= new RequestExtensions();
    return this.#extensions;
  }

  /** Aborted when the client goes away, a deadline passes, or shutdown is forced. */
  get signal(): AbortSignal {
    return this.#source.signal;
  }

  /** In a handler of subtree or mistargeted requests: the unmatched rest, percent-encoded, with its leading slash. */
  get subtreePath(): string {
    return this.#route.subtreePath();
  }

  /** In a handler of subtree or mistargeted requests: the decoded segments of the unmatched rest. */
  get subtreeSegments(): readonly string[] {
    return this.#route.subtreeSegments();
  }

  /** The web-standard request. Its body is the one body of this request: it can be read once. */
  get request(): Request {
    this.#request = this.#source.toRequest(this.url.href, this.#request);
    return this.#request;
  }

  /** The body as a stream, or `null`; the same stream that `request` has. */
  get body(): ReadableStream<Uint8Array> | null {
    return this.#source.body;
  }

  /** What a fetch runtime passed beside the request: a Worker's bindings, Bun's server, Deno's connection info. */
  get env(): unknown {
    return this.#source.env;
  }

  /** Lets work go on after the response: the runtime waits for it, and its failure is logged. A function is a `TypeError`. */
  waitUntil(this: RequestContext<object>, promise: Promise<unknown>): void {
    assertWork(promise);
    (this ?? detached("waitUntil")).#source.waitUntil(promise);
  }

  /**
   * Changes whatever is sent in the end: what the handler or a layer returned, or the rendering of an error, 404 and
   * timeouts included. For headers that every answer must have; it is called right before the head is written.
   *
   * Hooks that were added later run earlier, as layers further inside do. One that throws, or returns a promise, which nothing
   * could wait for, makes the answer a 500; they may run a second time then, on the response that takes the place of the first one. Malformed requests (400), which never
   * reach the tree, have none.
   *
   * @example
   * ```ts
   * const timing = around((context, next) => {
   *   const start = performance.now();
   *   context.beforeSend(({ headers }) => headers.set("server-timing", `total;dur=${performance.now() - start}`));
   *   return next();
   * });
   * ```
   */
  beforeSend(this: RequestContext<object>, hook: SendHook): void {
    (this ?? detached("beforeSend")).#hooks ??= new AnswerHooks();
    this.#hooks?.beforeSend(hook);
  }

  /**
   * Is told when this request is over: its response has been sent to the end, has failed on the way, or its client has
   * gone away before. For logs, metrics, and what must be let go of then. Hooks that were added later run earlier, and one
   * that is added after the end at once. One that throws or rejects is reported to the service's logger. A connection that is upgraded ends its request with the status 101.
   *
   * Under `fetch` a response counts as sent when it is handed over, and a stream when it has been read to its end: what
   * comes after that the runtime does not tell. A client has gone when the signal of the runtime's request is aborted.
   *
   * @example
   * ```ts
   * const counting = around((context, next) => {
   *   context.afterSend(({ status, isComplete }) => count(context.routePattern, isComplete ? status : "aborted"));
   *   return next();
   * });
   * ```
   */
  afterSend(this: RequestContext<object>, hook: OutcomeHook): void {
    (this ?? detached("afterSend")).#hooks ??= new AnswerHooks();
    this.#hooks?.afterSend(hook, this.#source);
  }

  /** The option in force where this request is answered, or its default. */
  property<T>(this: RequestContext<object>, kind: PropertyKind<T>): T {
    const properties: Properties = (this ?? detached("property")).#route.properties;
    const key = kind as PropertyKind<unknown>;
    return properties.has(key) ? (properties.get(key) as T) : kind.defaultValue;
  }

  /** The path that another framework has cut off in front of this one's, or "": `mountPath + href()` leads back here. */
  get mountPath(): string {
    return this.#source.mountPath;
  }

  /** @internal What `beforeSend` and `afterSend` were given; `undefined` when that is nothing. */
  static hooksOf(context: RequestContext<object>): AnswerHooks | undefined {
    return context.#hooks;
  }

  /** @internal What the runtime has handed over, as whoever is further inside sees it. */
  static sourceOf(context: RequestContext<object>): RequestSource {
    return context.#source;
  }

  /** @internal What the dispatcher works on and users never see. */
  static routeOf(context: RequestContext<object>): Route {
    return context.#route;
  }

  /** @internal Changes what whoever is further inside sees; `replace` is given the `Request` that there was, too. */
  static replaceSource(
    context: RequestContext<object>,
    replace: (source: RequestSource, request: Request | undefined) => RequestSource,
  ): void {
    context.#source = replace(context.#source, context.#request);
    context.#request = undefined;
  }

  /** @internal Given when the server drains, for what would go on for ever. */
  static drainNoticeOf(context: RequestContext<object>): DrainNotice | undefined {
    return context.#source.drainNotice;
  }
}
