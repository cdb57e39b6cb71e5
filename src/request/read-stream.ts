import type { BodyCollector, BodyRefusal } from "./body-collector.ts";

const DONE = { done: true, value: undefined } as const;

/**
 * All of a web stream, or the collector's refusal as soon as there is one: then the rest is cancelled. The stream stays
 * locked, so that nobody takes it for an empty one afterwards.
 */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  collector: BodyCollector,
): Promise<Uint8Array | BodyRefusal> {
  return collectChunks(chunksOf(stream), collector);
}

/** All chunks in a row, or the collector's refusal as soon as there is one: then nothing more is asked for. */
export async function collectChunks(
  chunks: AsyncIterableIterator<Uint8Array>,
  collector: BodyCollector,
): Promise<Uint8Array | BodyRefusal> {
  try {
    for (;;) {
      const { done, value } = await chunks.next();
      if (done === true) {
        return collector.whole();
      }
      const refusal = collector.add(value);
      if (refusal !== null) {
        collector.discard();
        chunks.return?.().catch(ignore);
        return refusal;
      }
    }
  } catch (error) {
    collector.discard();
    throw error;
  }
}

/** A web stream of bytes, chunk by chunk; `return()` cancels the rest, also while a chunk is waited for. */
export function chunksOf(stream: ReadableStream<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  const reader = stream.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      if (done) {
        return DONE;
      }
      if (!(value instanceof Uint8Array)) {
        throw new TypeError("The body of a request consists of Uint8Array chunks.");
      }
      return { done: false, value };
    },
    async return() {
      await reader.cancel();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function ignore(): void {}
