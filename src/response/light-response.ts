import { type HeadersInput, LightHeaders } from "../common/light-headers.ts";
import { bodyStreamOf } from "./body-stream.ts";
import { checkedStatus } from "./checked-status.ts";
import { PreparedHead } from "./prepared-head.ts";
import type { ResponseContext } from "./response-context.ts";
import { webBody } from "./web-body.ts";

/** What a response can carry. Text and bytes are written at once, the others chunk by chunk. */
export type Payload =
  | string
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>
  | null;

export interface LightResponseInit {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: HeadersInput;
}

/** Makes the response that a request gets of one that was made without knowing it. */
export type Settle = (response: LightResponse, context: ResponseContext) => LightResponse;

/**
 * The response that handlers make and layers see: the web-standard `Response` with mutable headers and status.
 *
 * A platform `Response` costs 3–10 µs to build and to read again. This one holds what the handler gave and is
 * written straight to the socket; the web streams behind `body`, `text()`, … are built when somebody asks.
 */
export class LightResponse implements Response {
  status: number;
  statusText: string;
  /** What is to be sent. Replaced by a stream once somebody has asked for `body`. */
  #payload: Payload;
  #headers: LightHeaders | PreparedHead | undefined;
  #bodyUsed = false;
  #settle: Settle | null = null;
  /** The request that it was made ready for. */
  #owner: ResponseContext | undefined = undefined;
  // biome-ignore lint/suspicious/noThenProperty: every promise looks for it in what it is fulfilled with (decision 30).
  readonly then: undefined = undefined;

  constructor(payload: Payload = null, init: LightResponseInit = {}) {
    this.#payload = payload;
    this.status = checkedStatus(init.status ?? 200);
    this.statusText = init.statusText ?? "";
    this.#headers = init.headers === undefined ? undefined : LightHeaders.from(init.headers);
  }

  /** A response with headers that are already known to be well-formed; the list becomes its own. */
  static withHeaderList(payload: Payload, list: string[], status: number): LightResponse {
    const response = new LightResponse(payload);
    response.status = status;
    response.#headers = new LightHeaders(list);
    return response;
  }

  /** A response whose one header is already known to be well-formed: the helpers' way. */
  static of(payload: Payload, contentType: string, status = 200): LightResponse {
    return LightResponse.withHeaderList(payload, ["content-type", contentType], checkedStatus(status));
  }

  /** @internal A response for one request, whose head is copied when somebody asks for its headers, to change them. */
  static prepared(head: PreparedHead, owner: ResponseContext): LightResponse {
    const response = new LightResponse();
    response.status = head.status;
    response.#headers = head;
    response.#owner = owner;
    return response;
  }

  /** @internal A response that depends on its request, as that of a file does: `settle` is called when that is known, unless somebody has asked for the body before. */
  static dependent(payload: Payload, list: string[], settle: Settle): LightResponse {
    const response = LightResponse.withHeaderList(payload, list, 200);
    response.#settle = settle;
    return response;
  }

  /**
   * @internal This response as a request gets it. One without a body can be given to any number of requests, such as a
   * constant `respond(204)`: each gets a copy, or what layers add for one client would be sent to the next.
   */
  settledFor(context: ResponseContext): LightResponse {
    const settle = this.#settle;
    if (settle !== null) {
      this.#settle = null;
      return settle(this, context);
    }
    if (this.#payload !== null || this.#owner === context) {
      return this;
    }
    const own = this.unshared();
    own.#owner = context;
    return own;
  }

  /** @internal A copy if others may be given this response, too, as one without a body; else itself. */
  unshared(): LightResponse {
    return this.#payload === null && this.#settle === null ? this.clone() : this;
  }

  get headers(): LightHeaders {
    if (!(this.#headers instanceof LightHeaders)) {
      this.#headers = new LightHeaders(this.#headers === undefined ? [] : [...this.#headers.list]);
    }
    return this.#headers;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    this.#settle = null;
    if (this.#payload !== null && !(this.#payload instanceof ReadableStream)) {
      this.#payload = bodyStreamOf(this.#payload);
    }
    return this.#payload as ReadableStream<Uint8Array<ArrayBuffer>> | null;
  }

  get bodyUsed(): boolean {
    return this.#bodyUsed || (this.#payload instanceof ReadableStream && this.#payload.locked);
  }

  /** Whether there is nothing to send. */
  get isEmpty(): boolean {
    return this.#payload === null;
  }

  /** Text or bytes that are there as a whole and have not been read; `null` for streams and for nothing. */
  get wholePayload(): string | Uint8Array | null {
    const payload = this.#payload;
    const isWhole = typeof payload === "string" || payload instanceof Uint8Array;
    return isWhole && !this.#bodyUsed ? payload : null;
  }

  /** @internal Whether the body is a stream of the platform's, which a runtime can pass on without our help. */
  get hasWebStream(): boolean {
    return this.#payload instanceof ReadableStream;
  }

  get redirected(): boolean {
    return false;
  }

  get type(): "default" {
    return "default";
  }

  get url(): string {
    return "";
  }

  get [Symbol.toStringTag](): string {
    return "Response";
  }

  /** @internal */
  get "argania.jsonAdvice"(): string {
    return "is a response already: return it as it is, without json(…) around it.";
  }
  /** What logs write of it, with as little of its body as of a stream. */
  toJSON(): object {
    return { status: this.status, body: {} };
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#consume().arrayBuffer();
  }

  async blob(): Promise<Blob> {
    return this.#consume().blob();
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async formData(): Promise<FormData> {
    return this.#consume().formData();
  }

  async json(): Promise<unknown> {
    return this.#consume().json();
  }

  async text(): Promise<string> {
    return typeof this.#payload === "string" && !this.#bodyUsed
      ? (this.takePayload() as string)
      : this.#consume().text();
  }

  clone(): LightResponse {
    this.#assertUnused();
    let copy = this.#payload;
    if (copy !== null && typeof copy !== "string" && !(copy instanceof Uint8Array)) {
      const [ours, theirs] = (this.body as ReadableStream<Uint8Array>).tee();
      this.#payload = ours;
      copy = theirs;
    }
    const cloned = new LightResponse(copy, { statusText: this.statusText, headers: this.headers });
    // Whatever somebody has set it to: whether it can be sent is seen when it is.
    cloned.status = this.status;
    return cloned;
  }

  /** Hands the payload over to whoever sends it. Throws a `TypeError` when the body has been read already. */
  takePayload(): Payload {
    this.#assertUnused();
    this.#bodyUsed = this.#payload !== null;
    this.#settle = null;
    return this.#payload;
  }

  /** @internal Puts another payload in the place of the one that was taken. */
  static refill(response: LightResponse, payload: Payload): void {
    response.#payload = payload;
    response.#bodyUsed = false;
    response.#settle = null;
  }

  /** @internal What can be sent as it is: nobody has asked for the headers, or changed the status. */
  get preparedHead(): PreparedHead | null {
    const head = this.#headers;
    return head instanceof PreparedHead && head.status === this.status ? head : null;
  }

  /** The flat list of headers for a writer; `null` when there are none. */
  get headerList(): string[] | null {
    return this.#headers === undefined ? null : this.headers.list;
  }

  #consume(): Response {
    const payload = this.takePayload();
    const contentType = this.headers.get("content-type");
    const init = contentType === null ? {} : { headers: { "content-type": contentType } };
    return new Response(webBody(payload), init);
  }

  #assertUnused(): void {
    if (this.bodyUsed) {
      throw new TypeError("The body of this response has been read already: read a clone() of it instead.");
    }
  }
}
