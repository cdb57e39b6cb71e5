import { clientClosed } from "./node-body-bytes.ts";
import { takeFromStream } from "./node-chunks.ts";
import type { NodeRequest, NodeResponseEvents } from "./node-types.ts";
import { refuseBody } from "./refuse-body.ts";

const DONE = { done: true, value: undefined } as const;

/**
 * The body of a Node request, chunk by chunk, without web streams: while nobody asks, TCP holds the client back.
 *
 * Not a generator, which cannot return before the chunk has come that it waits for: a client that sends nothing more would
 * keep everything behind it.
 */
export class NodeBodyChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #request: NodeRequest;
  readonly #response: NodeResponseEvents;
  readonly #release: () => void;
  readonly #ready: Uint8Array[] = [];
  #isOver = false;
  #failure: { readonly error: unknown } | null = null;
  #wake: () => void = () => {};

  constructor(request: NodeRequest, response: NodeResponseEvents) {
    this.#request = request;
    this.#response = response;
    this.#release = takeFromStream(request, {
      add: ({ buffer, byteOffset, byteLength }) => {
        this.#ready.push(new Uint8Array(buffer, byteOffset, byteLength));
        request.pause();
        this.#wake();
      },
      end: () => this.#finish(null),
      fail: (error) => this.#finish({ error: clientClosed(error) }),
    });
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (this.#ready.length === 0 && !this.#isOver) {
      const chunk = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#request.resume();
      await chunk;
    }
    const value = this.#ready.shift();
    if (value !== undefined) {
      return { done: false, value };
    }
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) {
      throw failure.error;
    }
    return DONE;
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#ready.length = 0;
    this.#failure = null;
    if (!this.#isOver) {
      this.#request.pause();
      refuseBody(this.#request, this.#response);
      this.#finish(null);
    }
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(failure: { readonly error: unknown } | null): void {
    this.#isOver = true;
    this.#failure = failure;
    this.#release();
    this.#wake();
  }
}
