import { iteratorOf } from "../common/iterator-of.ts";
import type { RequestContext } from "../request/request-context.ts";
import { toBytes } from "../response/body-stream.ts";
import { LightResponse, type Payload } from "../response/light-response.ts";
import type { ContextScope } from "./current-context.ts";

/** How the body of a response ended: `failure` is there when it has failed itself. */
export type BodyEnd = (isComplete: boolean, failure?: { readonly error: unknown }) => void;

/**
 * The response with a body that tells when it has ended, and is made in the scope of its request. `null` when its body is
 * there as a whole: then there is nothing to wait for.
 */
export function observeBody(
  response: LightResponse,
  context: RequestContext,
  scope: ContextScope | null,
  onEnd: BodyEnd,
): LightResponse | null {
  if (response.isEmpty || response.wholePayload !== null) {
    return null;
  }
  const chunks = response.takePayload() as Exclude<Payload, string | Uint8Array | null>;
  const { status, statusText, headers } = response;
  const observed = new ObservedChunks(chunks, context, scope, onEnd);
  if ("WebSocketPair" in globalThis) {
    releaseOnAbort(observed, context);
  }
  return new LightResponse(observed, { status, statusText, headers });
}

/** How long sources on Workers have to end. In milliseconds. */
const GRACE = 1_000;

/**
 * Workers cancel no stream when its client leaves: the request's signal tells of it, where `enable_request_signal` is set. What
 * a request has begun then ends at once, unless something waits for it.
 */
function releaseOnAbort(observed: ObservedChunks, context: RequestContext): void {
  const release = () => {
    const grace = new Promise((resolve) => setTimeout(resolve, GRACE));
    context.waitUntil(Promise.all([observed.return(), grace]));
  };
  context.signal.addEventListener("abort", release, { once: true });
}

type Chunk = IteratorResult<Uint8Array | string>;

class ObservedChunks implements AsyncIterableIterator<Uint8Array | string> {
  /** Read by `currentContext()`. */
  readonly context: RequestContext;
  readonly #source: AsyncIterable<Uint8Array | string>;
  readonly #scope: ContextScope | null;
  #onEnd: BodyEnd | null;
  #iterator: AsyncIterator<Uint8Array | string> | undefined = undefined;

  constructor(
    source: AsyncIterable<Uint8Array | string>,
    context: RequestContext,
    scope: ContextScope | null,
    onEnd: BodyEnd,
  ) {
    this.#source = source;
    this.context = context;
    this.#scope = scope;
    this.#onEnd = onEnd;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Chunk> {
    try {
      const chunk = await this.#within((iterator) => iterator.next());
      if (chunk.done === true) {
        this.#end(true);
        return chunk;
      }
      return { done: false, value: this.#bytesOf(chunk.value) };
    } catch (error) {
      this.#end(false, { error });
      throw error;
    }
  }

  async return(reason?: unknown): Promise<Chunk> {
    this.#end(false);
    return (await this.#within((iterator) => iterator.return?.(reason))) ?? { done: true, value: undefined };
  }

  /** Here, as what is no bytes would fail where nobody observes it. */
  #bytesOf(value: unknown): Uint8Array {
    try {
      return toBytes(value);
    } catch (error) {
      Promise.resolve(this.#within((iterator) => iterator.return?.())).catch(() => {});
      throw error;
    }
  }

  #within<R>(run: (iterator: AsyncIterator<Uint8Array | string>) => R): R {
    this.#iterator ??= iteratorOf(this.#source);
    return this.#scope === null ? run(this.#iterator) : this.#scope.run(this, run, this.#iterator);
  }

  #end(isComplete: boolean, failure?: { readonly error: unknown }): void {
    const onEnd = this.#onEnd;
    this.#onEnd = null;
    onEnd?.(isComplete, failure);
  }
}
