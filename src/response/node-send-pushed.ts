import type { DrainNotice } from "../common/drain-notice.ts";
import { boundToRequest } from "../common/request-binding.ts";
import { ChunkedWriter } from "./chunked-writer.ts";
import type { SendOptions } from "./node-send.ts";
import { breakOff, isGone } from "./node-send-stream.ts";
import type { NodeWritable } from "./node-writable.ts";
import type { PushedBody, PushTarget } from "./pushed-body.ts";

/**
 * Sends a body that says itself when it has something to send.
 *
 * The head goes with the first chunk, or alone after a turn: a failure before that can still become a response of its
 * own. When the client goes away the body is released at once. When the server drains it is released as well, and the
 * response ends properly, so that its client turns to another server.
 *
 * Resolves when nothing more is sent; rejects when the body failed, after the connection has been broken off.
 *
 * @param begin writes the head
 */
export function sendPushed(
  writable: NodeWritable,
  begin: () => void,
  body: PushedBody,
  { isOwn = false, drainNotice }: SendOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (isGone(writable)) {
      body.release();
      resolve();
    } else {
      new Push(writable, begin, body, isOwn, drainNotice, resolve, reject).start();
    }
  });
}

/** One response that is under way. */
class Push implements PushTarget {
  readonly #writable: NodeWritable;
  readonly #writeHead: () => void;
  readonly #body: PushedBody;
  readonly #isOwn: boolean;
  readonly #drainNotice: DrainNotice | undefined;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  #lateHead: ReturnType<typeof setImmediate> | null = null;
  /** There is none before the head. */
  #writer: ChunkedWriter | null = null;
  #isListening = false;

  constructor(
    writable: NodeWritable,
    writeHead: () => void,
    body: PushedBody,
    isOwn: boolean,
    drainNotice: DrainNotice | undefined,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.#writable = writable;
    this.#writeHead = writeHead;
    this.#body = body;
    this.#isOwn = isOwn;
    this.#drainNotice = drainNotice;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    this.#writable.once("close", this.#onClose);
    if (this.#drainNotice?.isGiven === true) {
      this.#onServerDrain();
      return;
    }
    this.#drainNotice?.add(this.#onServerDrain);
    // The first event may be far away, but the client is to know that it is connected.
    this.#lateHead = setImmediate(() => this.#tryToBegin() !== null && this.#writable.flushHeaders?.());
    try {
      this.#body.open(this);
    } catch (error) {
      this.fail(error);
    }
  }

  write(chunk: Uint8Array | string): boolean {
    const writer = this.#writer ?? this.#tryToBegin();
    const takesMore = writer?.write(chunk) === true;
    if (!takesMore && writer !== null) {
      this.#listenForDrain();
    }
    return takesMore;
  }

  end(): void {
    this.#leave();
    try {
      this.#begin().end();
      this.#resolve();
    } catch (error) {
      this.#reject(error);
    }
  }

  fail(error: unknown): void {
    this.#leave();
    if (this.#writer !== null) {
      breakOff(this.#writable);
    }
    this.#reject(error);
  }

  breakOff(): void {
    this.#leave();
    breakOff(this.#writable);
    this.#resolve();
  }

  readonly #onWritable = boundToRequest((): void => this.#body.onWritable());

  readonly #onClose = boundToRequest((): void => {
    this.#leave();
    this.#body.release();
    this.#resolve();
  });

  readonly #onServerDrain = boundToRequest((): void => {
    this.#body.release();
    this.end();
  });

  /** Writes the head, once. */
  #begin(): ChunkedWriter {
    if (this.#writer === null) {
      this.#writeHead();
      this.#cancelLateHead();
      this.#writer = new ChunkedWriter(this.#writable, this.#isOwn);
      const { prelude } = this.#body;
      if (prelude !== "") {
        this.#writer.write(prelude);
      }
    }
    return this.#writer;
  }

  /** A head that cannot be written is the fault of neither the body nor of whoever made it write. */
  #tryToBegin(): ChunkedWriter | null {
    try {
      return this.#begin();
    } catch (error) {
      this.#body.release();
      this.fail(error);
      return null;
    }
  }

  /** Once for all of the body: the `compression` of Express keeps each such listener to the end of the response. */
  #listenForDrain(): void {
    if (!this.#isListening) {
      this.#isListening = true;
      this.#writable.on("drain", this.#onWritable);
    }
  }

  #leave(): void {
    this.#cancelLateHead();
    this.#drainNotice?.remove(this.#onServerDrain);
    this.#writable.off("close", this.#onClose);
    this.#writable.off("drain", this.#onWritable);
  }

  #cancelLateHead(): void {
    if (this.#lateHead !== null) {
      clearImmediate(this.#lateHead);
      this.#lateHead = null;
    }
  }
}
