import { toBytes } from "../../response/body-stream.ts";
import type { ChunkSource } from "./compressed.ts";

/**
 * What the platform's `CompressionStream` makes of chunks, in gzip: for runtimes without `node:zlib`. It cannot be told to
 * let out what it has.
 */
export function webEncodedChunks(
  source: ChunkSource,
  onClose: () => void,
): AsyncIterator<Uint8Array, undefined> {
  const input = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await source.next();
        if (done === true) {
          controller.close();
        } else {
          controller.enqueue(toBytes(value) as Uint8Array<ArrayBuffer>);
        }
      },
    },
    { highWaterMark: 0 },
  );
  const output = input.pipeThrough(new CompressionStream("gzip")).getReader();
  let isOver = false;
  const release = () => {
    if (!isOver) {
      isOver = true;
      onClose();
      // Both: not every platform tells the input that nobody wants the output any more.
      output.cancel().catch(() => {});
      source.release().catch(() => {});
    }
  };
  return {
    async next() {
      try {
        const { done, value } = await output.read();
        if (done !== true && !isOver) {
          return { done: false, value };
        }
        release();
        return { done: true, value: undefined };
      } catch (error) {
        release();
        throw error;
      }
    },
    async return() {
      release();
      return { done: true, value: undefined };
    },
  };
}
