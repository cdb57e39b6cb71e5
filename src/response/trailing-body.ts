import { iteratorOf } from "../common/iterator-of.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { Payload } from "./light-response.ts";

/** A value that is known beforehand, or only when the body has been sent. */
export type TrailerValue = string | (() => MaybePromise<string>);

/** A body with fields after it. Whoever can send them asks for them; for everybody else it is a stream. */
export class TrailingBody implements AsyncIterable<Uint8Array | string> {
  readonly names: readonly string[];
  readonly #payload: Payload;
  readonly #trailers: readonly (readonly [string, TrailerValue])[];

  constructor(payload: Payload, trailers: readonly (readonly [string, TrailerValue])[]) {
    this.#payload = payload;
    this.#trailers = trailers;
    this.names = trailers.map(([name]) => name);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array | string> {
    const payload = this.#payload;
    return payload === null || typeof payload === "string" || payload instanceof Uint8Array
      ? one(payload)
      : payload instanceof ReadableStream
        ? chunksOf(payload)
        : iteratorOf(payload);
  }

  /** The same fields after other chunks, which are made of those of this body. */
  over(change: (chunks: TrailingBody) => AsyncIterable<Uint8Array | string>): TrailingBody {
    return new TrailingBody(change(this), this.#trailers);
  }

  /** The fields. Asked for when the whole body has been read. */
  async trailers(): Promise<Record<string, string>> {
    const fields: Record<string, string> = Object.create(null);
    for (const [name, value] of this.#trailers) {
      fields[name] = typeof value === "function" ? await value() : value;
    }
    return fields;
  }
}

async function* one(
  payload: string | Uint8Array | null,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  if (payload !== null) {
    yield payload;
  }
}

/** Not a generator: that could not let go of the stream while it waits for its next chunk. */
function chunksOf(stream: ReadableStream<Uint8Array>): AsyncIterator<Uint8Array> {
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
