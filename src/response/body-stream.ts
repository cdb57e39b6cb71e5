import { iteratorOf } from "../common/iterator-of.ts";

const encoder = new TextEncoder();

/** Anything that can be sent, as a web stream of bytes. Nothing is pulled before the stream is read. */
export function bodyStreamOf(
  payload: string | Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>,
): ReadableStream<Uint8Array> {
  if (payload instanceof ReadableStream) {
    return payload;
  }
  if (typeof payload === "string" || payload instanceof Uint8Array) {
    return new ReadableStream({
      start(controller) {
        controller.enqueue(toBytes(payload));
        controller.close();
      },
    });
  }
  return streamOfIterable(payload);
}

/** A stream over a generator that is returned when the reader goes away. */
function streamOfIterable(iterable: AsyncIterable<Uint8Array | string>): ReadableStream<Uint8Array> {
  const iterator = iteratorOf(iterable);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done === true) {
          controller.close();
        } else {
          controller.enqueue(toBytes(value));
        }
      },
      async cancel(reason) {
        await iterator.return?.(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** A chunk as bytes; throws a `TypeError` for what is neither text nor bytes. */
export function toBytes(chunk: unknown): Uint8Array {
  if (typeof chunk === "string") {
    return encoder.encode(chunk);
  }
  if (chunk instanceof Uint8Array) {
    return chunk;
  }
  throw new TypeError(
    `A response stream must yield strings or Uint8Arrays, not ${describe(chunk)}. For values as JSON return jsonStream(items) or jsonLines(items).`,
  );
}

function describe(value: unknown): string {
  return value === null
    ? "null"
    : typeof value === "object"
      ? (value.constructor?.name ?? "an object")
      : typeof value;
}
