import { ByteCollector } from "../common/byte-collector.ts";

/**
 * All of a web stream, or `null` as soon as more than `limit` bytes have come: then the rest is cancelled. The stream
 * stays locked, so that nobody takes it for an empty one afterwards.
 */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  limit: number,
): Promise<Uint8Array | null> {
  const reader = stream.getReader();
  const collector = new ByteCollector();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return collector.whole();
    }
    if (!(value instanceof Uint8Array)) {
      throw new TypeError("The body of a request consists of Uint8Array chunks.");
    }
    if (collector.length + value.byteLength > limit) {
      reader.cancel().catch(ignore);
      return null;
    }
    collector.add(value);
  }
}

function ignore(): void {}
