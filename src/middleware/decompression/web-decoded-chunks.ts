import { withoutStack } from "../../common/argania-error.ts";
import { ContentEncodingError } from "../../data/body-errors.ts";
import { chunksOf } from "../../request/read-stream.ts";

/** Bytes that are decoded in one go, where nobody can stop half-way: they can become a thousand times as many. */
const PIECE = 4_096;

const DONE = { done: true, value: undefined } as const;

/** What the platform's `DecompressionStream` makes of chunks: for runtimes without `node:zlib`. */
export function webDecodedChunks(
  input: AsyncIterableIterator<Uint8Array>,
  format: "gzip" | "deflate",
): AsyncIterableIterator<Uint8Array> {
  let failure: { readonly error: unknown } | null = null;
  let rest: Uint8Array = new Uint8Array(0);
  let isEmpty = true;
  const encoded = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          while (rest.byteLength === 0) {
            const { done, value } = await input.next();
            if (done === true) {
              controller.close();
              return;
            }
            rest = value;
          }
        } catch (error) {
          failure = { error };
          throw error;
        }
        isEmpty = false;
        controller.enqueue(rest.subarray(0, PIECE));
        rest = rest.subarray(PIECE);
      },
      async cancel() {
        await input.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  const decoded: ReadableStream<Uint8Array> = encoded.pipeThrough(new DecompressionStream(format));
  const output = chunksOf(decoded);
  const release = () => {
    // Both: not every platform tells the input that nobody wants the output any more.
    output.return?.().catch(() => {});
    input.return?.().catch(() => {});
  };
  return {
    async next() {
      try {
        return await output.next();
      } catch (cause) {
        release();
        if (failure !== null) {
          throw (failure as { readonly error: unknown }).error;
        }
        if (isEmpty) {
          return DONE;
        }
        throw withoutStack(
          () => new ContentEncodingError(`The body is not valid in the coding ${format}.`, { cause }),
        );
      }
    },
    async return() {
      release();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
