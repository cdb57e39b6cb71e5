import { iteratorOf } from "../common/iterator-of.ts";

export type StreamBody = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

export interface ChunkSource {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  release(): Promise<unknown>;
  /** Takes back the memory of a chunk that has been sent, for one of the next. */
  recycle?: ((chunk: Uint8Array) => void) | undefined;
}

/** An iterator that has a use for its chunks once they are sent. */
interface RecyclingIterator extends AsyncIterator<unknown> {
  recycle?(chunk: Uint8Array): void;
}

/** One way to read streams and iterables, and to let go of them. */
export function sourceOf(body: StreamBody): ChunkSource {
  if (body instanceof ReadableStream) {
    const reader = body.getReader();
    return { next: () => reader.read(), release: async () => reader.cancel() };
  }
  const iterator: RecyclingIterator = iteratorOf<unknown>(body);
  return {
    recycle: iterator.recycle?.bind(iterator),
    next: () => iterator.next() as Promise<IteratorResult<unknown>>,
    release: async () => iterator.return?.(undefined),
  };
}
