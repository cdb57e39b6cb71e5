import { iteratorOf } from "../common/iterator-of.ts";
import { toBytes } from "./body-stream.ts";
import { isEventStream } from "./is-event-stream.ts";
import { LightResponse } from "./light-response.ts";

type Chunk = IteratorResult<Uint8Array | string>;

/**
 * Whether the head waits for the first chunk of the body, as that of an iterable does. Not for a body that is there as a whole,
 * a web stream, which is taken as it is, and events, whose client is to know at once that it is connected.
 */
export function awaitsFirstChunk(response: LightResponse): boolean {
  const isIterable = !response.isEmpty && response.wholePayload === null && !response.hasWebStream;
  return isIterable && !isEventStream(response.headerList ?? []);
}

/**
 * The response once the first chunk of its body is there, so that a source that fails before it can still become a response
 * of its own. `null` when there is nothing to wait for, as {@link awaitsFirstChunk} says.
 *
 * Rejects with what the source fails with, and with the reason of the request's signal; the source is let go of then.
 */
export function withBegunBody(
  response: LightResponse,
  request: { readonly signal: AbortSignal },
): Promise<LightResponse> | null {
  return awaitsFirstChunk(response) ? begin(response, request) : null;
}

/** How many turns of promises a chunk that is as good as there takes, `jsonStream` and layers included. */
const TURNS = 12;

async function begin(
  response: LightResponse,
  request: { readonly signal: AbortSignal },
): Promise<LightResponse> {
  const iterator = iteratorOf(response.takePayload() as AsyncIterable<Uint8Array | string>);
  try {
    const first = await firstOf(iterator, request);
    // Here, as what is no bytes would fail when the head has been sent.
    const begun = new BegunChunks(first.done === true ? first : { value: toBytes(first.value) }, iterator);
    LightResponse.refill(response, begun);
    return response;
  } catch (error) {
    // Not awaited: a generator that waits for something cannot return before that has come.
    iterator.return?.().catch(() => {});
    throw error;
  }
}

async function firstOf(
  iterator: AsyncIterator<Uint8Array | string>,
  request: { readonly signal: AbortSignal },
): Promise<Chunk> {
  const chunk = Promise.resolve(iterator.next());
  let isThere = false;
  const note = (): void => {
    isThere = true;
  };
  chunk.then(note, note);
  // A listener costs more than the whole wait of a chunk that comes at once.
  for (let turn = 0; turn < TURNS && !isThere; turn++) {
    await undefined;
  }
  if (isThere) {
    return chunk;
  }
  const { signal } = request;
  let onAbort = (): void => {};
  const isAborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.aborted ? onAbort() : signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([chunk, isAborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** An iterator that has been asked for its first chunk already. */
class BegunChunks implements AsyncIterableIterator<Uint8Array | string> {
  #first: Chunk | null;
  readonly #rest: AsyncIterator<Uint8Array | string>;

  constructor(first: Chunk, rest: AsyncIterator<Uint8Array | string>) {
    this.#first = first;
    this.#rest = rest;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Chunk> {
    const first = this.#first;
    if (first === null) {
      return this.#rest.next();
    }
    this.#first = first.done === true ? first : null;
    return Promise.resolve(first);
  }

  async return(reason?: unknown): Promise<Chunk> {
    return (await this.#rest.return?.(reason)) ?? { done: true, value: undefined };
  }
}
