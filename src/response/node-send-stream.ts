import { toBytes } from "./body-stream.ts";
import type { NodeWritable } from "./node-writable.ts";

export type StreamBody = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

/**
 * Writes a stream chunk by chunk, no faster than the client takes it.
 *
 * When the client goes away the source is released at once: a generator gets `return()`, a stream `cancel()`. When
 * the source fails, or does not keep the length that was declared, the connection is broken off and the promise
 * rejects.
 */
export async function sendStream(
  writable: NodeWritable,
  body: StreamBody,
  declaredLength: number | undefined,
): Promise<void> {
  const source = sourceOf(body);
  if (isGone(writable)) {
    await source.release().catch(() => {});
    return;
  }
  writable.flushHeaders();
  const flow: Flow = { isClosed: false, wake: () => {} };
  const onClose = () => {
    flow.isClosed = true;
    flow.wake();
    // A source that waits for its next chunk is told now; the loop would learn of it only afterwards.
    source.release().catch(() => {});
  };
  writable.once("close", onClose);
  try {
    await writeChunks(writable, source, declaredLength, flow);
    if (!flow.isClosed) {
      writable.off("close", onClose);
      writable.end();
    }
  } catch (error) {
    writable.off("close", onClose);
    if (!flow.isClosed) {
      breakOff(writable);
      await source.release().catch(() => {});
      throw error;
    }
  }
}

/** What the writing loop learns of its client. */
interface Flow {
  isClosed: boolean;
  /** Ends the wait for a client that takes nothing. */
  wake: () => void;
}

async function writeChunks(
  writable: NodeWritable,
  source: ChunkSource,
  declaredLength: number | undefined,
  flow: Flow,
): Promise<void> {
  let written = 0;
  while (!flow.isClosed) {
    const { done, value } = await source.next();
    if (done === true || flow.isClosed) {
      break;
    }
    const chunk = toBytes(value);
    written += chunk.byteLength;
    assertLength(written, declaredLength, false);
    if (!writable.write(chunk)) {
      await new Promise<void>((resolve) => {
        flow.wake = resolve;
        writable.once("drain", () => resolve());
      });
    }
  }
  if (!flow.isClosed) {
    assertLength(written, declaredLength, true);
  }
}

interface ChunkSource {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  release(): Promise<unknown>;
}

/** One way to read streams and iterables, and to let go of them. */
export function sourceOf(body: StreamBody): ChunkSource {
  if (body instanceof ReadableStream) {
    const reader = body.getReader();
    return { next: () => reader.read(), release: async () => reader.cancel() };
  }
  const iterator = body[Symbol.asyncIterator]();
  return {
    next: () => iterator.next() as Promise<IteratorResult<unknown>>,
    release: async () => iterator.return?.(undefined),
  };
}

/** A response whose length differs from what its head says would be taken for another one's beginning or end. */
function assertLength(written: number, declared: number | undefined, isEnd: boolean): void {
  if (declared !== undefined && (written > declared || (isEnd && written !== declared))) {
    throw new RangeError(
      `The response declared content-length ${declared}, but its stream gave ${isEnd ? "" : "at least "}${written} bytes.`,
    );
  }
}

/**
 * Ends a response so that the client sees that it is not whole. An HTTP/1.0 client cannot see it when no length was
 * declared: it takes the end of the connection for the end of the response.
 */
export function breakOff(writable: NodeWritable): void {
  if (writable.stream?.close !== undefined) {
    writable.stream.close(INTERNAL_ERROR);
  } else {
    const { socket } = writable;
    writable.destroy();
    socket?.destroy();
  }
}

/** Whether the client has gone away already: then neither "drain" nor "close" will be heard any more. */
function isGone(writable: NodeWritable): boolean {
  return writable.destroyed === true || writable.closed === true || writable.stream?.destroyed === true;
}

/** RFC 9113 §7, INTERNAL_ERROR. */
const INTERNAL_ERROR = 2;
