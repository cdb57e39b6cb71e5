import type { DrainNotice } from "../common/drain-notice.ts";
import { boundToRequest } from "../common/request-binding.ts";
import { toBytes } from "./body-stream.ts";
import { type ChunkSource, type StreamBody, sourceOf } from "./chunk-source.ts";
import type { NodeWritable } from "./node-writable.ts";
import { TrailingBody } from "./trailing-body.ts";

/** What is known of a stream beside its length. */
export interface StreamOptions {
  /** Whether the head goes alone when the first chunk is not there after a turn; else it waits for it. */
  readonly isHeadAlone?: boolean;
  /** For a stream without an end: then it ends as if its source had, which is released. */
  readonly drainNotice?: DrainNotice | undefined;
}

/**
 * Writes a stream chunk by chunk, no faster than the client takes it.
 *
 * The head goes with the first chunk, in one packet. Until then nothing is written: a failure, as of a database that is not
 * there, can still become a response of its own.
 *
 * When the client goes away the source is released at once: a generator gets `return()`, a stream `cancel()`. When
 * the source fails, or does not keep the length that was declared, the connection is broken off. In both cases of
 * failure the promise rejects.
 *
 * @param begin writes the head
 */
export async function sendStream(
  writable: NodeWritable,
  begin: () => void,
  body: StreamBody,
  declaredLength: number | undefined,
  { isHeadAlone = false, drainNotice }: StreamOptions = {},
): Promise<void> {
  const source = sourceOf(body);
  if (isGone(writable)) {
    await source.release().catch(() => {});
    return;
  }
  const flow = new Flow(writable, begin, isHeadAlone);
  const onClose = boundToRequest(() => {
    flow.close();
    // A source that waits for its next chunk is told now; the loop would learn of it only afterwards.
    source.release().catch(() => {});
  });
  writable.once("close", onClose);
  const onDrain = boundToRequest(() => {
    flow.finish();
    source.release().catch(() => {});
  });
  drainNotice?.isGiven === true ? onDrain() : drainNotice?.add(onDrain);
  try {
    // A source may wait for ever: a head that cannot be written is heard of at once all the same.
    await Promise.race([writeChunks(writable, source, declaredLength, flow), flow.outcome]);
    const trailers = body instanceof TrailingBody && !flow.isOver ? await body.trailers() : null;
    if (!flow.isClosed) {
      writable.off("close", onClose);
      flow.begin();
      if (trailers !== null) {
        writable.addTrailers?.(trailers);
      }
      writable.end();
    }
  } catch (error) {
    writable.off("close", onClose);
    if (!flow.isClosed) {
      flow.cancel();
      if (flow.hasBegun) {
        breakOff(writable);
      }
      // Not awaited: a generator that waits for something cannot return before that has come.
      source.release().catch(() => {});
      throw error;
    }
  } finally {
    drainNotice?.remove(onDrain);
  }
}

/** How far the writing has come, and what it learns of its client. */
class Flow {
  isClosed = false;
  hasBegun = false;
  /** Rejects when the head had to go alone and could not be written; fulfilled when nothing more is to be. */
  readonly outcome: Promise<void>;
  /** Ends the wait for a client that takes nothing. */
  #wake: () => void = () => {};
  #listens = false;
  #hasFailed = false;
  #isFinished = false;
  #fail: (error: unknown) => void = () => {};
  #succeed: () => void = () => {};
  readonly #writeHead: () => void;
  readonly #lateHead: ReturnType<typeof setImmediate> | null;

  constructor(writable: NodeWritable, writeHead: () => void, isHeadAlone: boolean) {
    this.#writeHead = writeHead;
    this.outcome = new Promise((resolve, reject) => {
      this.#succeed = resolve;
      this.#fail = reject;
    });
    this.#lateHead = isHeadAlone ? setImmediate(() => this.#beginAlone(writable)) : null;
  }

  /** Whether nothing more is to be written: the client went away, or got no head, or the server drains. */
  get isOver(): boolean {
    return this.isClosed || this.#hasFailed || this.#isFinished;
  }

  /** Writes the head, once. */
  begin(): void {
    if (!this.hasBegun) {
      this.cancel();
      this.#writeHead();
      this.hasBegun = true;
    }
  }

  /**
   * Waits for the client. With one listener for all of the stream, since the `compression` of Express takes listeners for
   * "drain" to a stream of its own, and lets go of none of them.
   */
  drained(writable: NodeWritable): Promise<void> {
    if (!this.#listens) {
      this.#listens = true;
      writable.on("drain", () => this.#wake());
    }
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  cancel(): void {
    if (this.#lateHead !== null) {
      clearImmediate(this.#lateHead);
    }
  }

  close(): void {
    this.cancel();
    this.isClosed = true;
    this.#wake();
    // The source may wait for ever, and nobody is to wait with it.
    this.#succeed();
  }

  /** Ends the response here, and properly, whatever its source waits for. */
  finish(): void {
    this.#isFinished = true;
    this.#wake();
    this.#succeed();
  }

  #beginAlone(writable: NodeWritable): void {
    try {
      this.begin();
      writable.flushHeaders?.();
    } catch (error) {
      this.#hasFailed = true;
      this.#fail(error);
    }
  }
}

async function writeChunks(
  writable: NodeWritable,
  source: ChunkSource,
  declaredLength: number | undefined,
  flow: Flow,
): Promise<void> {
  let written = 0;
  while (!flow.isOver) {
    const { done, value } = await source.next();
    if (done === true || flow.isOver) {
      break;
    }
    const chunk = typeof value === "string" ? value : toBytes(value);
    if (declaredLength !== undefined) {
      written += Buffer.byteLength(chunk);
      assertLength(written, declaredLength, false);
    }
    flow.begin();
    if (!writable.write(chunk)) {
      await flow.drained(writable);
      if (!flow.isOver && isFlushed(writable, chunk)) {
        source.recycle?.(chunk);
      }
    }
  }
  if (!flow.isOver && declaredLength !== undefined) {
    assertLength(written, declaredLength, true);
  }
}

/**
 * Whether "drain" means that nothing of this chunk is waiting any more: one that is smaller than the buffer may still be
 * in there.
 */
function isFlushed({ writableHighWaterMark }: NodeWritable, chunk: unknown): chunk is Uint8Array {
  return (
    chunk instanceof Uint8Array &&
    writableHighWaterMark !== undefined &&
    chunk.byteLength >= writableHighWaterMark
  );
}

/** A response whose length differs from what its head says would be taken for another one's beginning or end. */
function assertLength(written: number, declared: number, isEnd: boolean): void {
  if (written > declared || (isEnd && written !== declared)) {
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
    // What was written in this turn has not left yet: the client shall see how far the response came.
    writable.uncork?.();
    writable.destroy();
    socket?.destroy();
  }
}

/** Whether the client has gone away already: then neither "drain" nor "close" will be heard any more. */
export function isGone(writable: NodeWritable): boolean {
  const { destroyed, closed, stream } = writable;
  return destroyed === true || closed === true || stream?.destroyed === true || stream?.aborted === true;
}

/** RFC 9113 §7, INTERNAL_ERROR. */
const INTERNAL_ERROR = 2;
