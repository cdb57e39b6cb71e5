import type { MaybePromise } from "../common/maybe-promise.ts";
import { BodyAlreadyReadError, READ_IN_FRONT, streamOfError } from "./body-already-read-error.ts";
import { BodyCollector, type BodyHolder } from "./body-collector.ts";
import type { BodyMemory } from "./body-memory.ts";
import { type BodyShare, UNCOUNTED } from "./body-share.ts";
import { onAnswered } from "./node-answered.ts";
import { clientClosed, collectBytes } from "./node-body-bytes.ts";
import { NodeBodyChunks } from "./node-body-chunks.ts";
import { endTakenStream } from "./node-chunks.ts";
import { announcedLength, UNTOLD } from "./node-headers.ts";
import type { NodeRequest, NodeResponseEvents } from "./node-types.ts";
import { endWithAnswer, refuseBody } from "./refuse-body.ts";
import type { ConvertBytes } from "./request-source.ts";

/** Requests of a client that waits for `100 Continue` before it sends its body (RFC 9110 §10.1.1). */
const awaitingContinue = new WeakSet<object>();

/** Says that nobody has sent `100 Continue` for `request` yet: the first read of its body does. */
export function markAwaitingContinue(request: object): void {
  awaitingContinue.add(request);
}

/** Whether the client still holds its body back; after a final answer its connection must not be used again. */
export function isAwaitingContinue(request: object): boolean {
  return awaitingContinue.has(request);
}

/** Whether the request announces a body (RFC 9112 §6.3, RFC 9113 §8.1). */
export function hasBody(request: NodeRequest): boolean {
  if (request.stream !== undefined && request.httpVersionMajor >= 2) {
    return request.stream.endAfterHeaders !== true;
  }
  return announcedLength(request.rawHeaders) > 0;
}

/**
 * The body of a Node request, as a web stream or as bytes. Nothing is read before somebody wants it, and no more than
 * the stream takes: an unread body stays in the socket, where TCP holds the client back.
 */
export class NodeBody implements BodyHolder {
  readonly #request: NodeRequest;
  readonly #response: NodeResponseEvents;
  #isOwn: boolean;
  readonly #memory: BodyMemory;
  #stream: ReadableStream<Uint8Array> | undefined = undefined;
  #isRead = false;
  #held: BodyCollector[] | null = null;
  /** Takes the request away from a stream that nobody has read yet, which fails then. */
  #supersede: ((error: BodyAlreadyReadError) => void) | undefined = undefined;

  /** @param isOwn whether nobody else will read the request */
  constructor(request: NodeRequest, response: NodeResponseEvents, isOwn: boolean, memory: BodyMemory) {
    this.#request = request;
    this.#response = response;
    this.#isOwn = isOwn;
    this.#memory = memory;
  }

  get stream(): ReadableStream<Uint8Array> {
    this.#stream ??= this.#isRead ? streamOfError(new BodyAlreadyReadError()) : this.#newStream();
    return this.#stream;
  }

  /** What `convert` makes of all of it, or of why it is not handed over. */
  readBytes<T>(limit: number, convert: ConvertBytes<T>, weight?: number): MaybePromise<T> {
    this.#assertUnread();
    const length = announcedLength(this.#request.rawHeaders);
    const announced = length === UNTOLD ? 0 : length;
    if (announced > limit) {
      refuseBody(this.#request, this.#response);
      return convert("too-large");
    }
    if (announced > UNCOUNTED && this.#memory.isFull) {
      refuseBody(this.#request, this.#response);
      return convert("no-memory");
    }
    this.#begin();
    const isOwn = this.#isOwn && this.#stream === undefined;
    return collectBytes(this.#request, this.#response, this.newCollector(limit, weight), convert, isOwn);
  }

  /** All of it, chunk by chunk. */
  chunks(): NodeBodyChunks {
    this.#assertUnread();
    this.#begin();
    endWithAnswer(this.#request);
    return new NodeBodyChunks(this.#request, this.#response);
  }

  /** Somebody else may read the request from now on: it does so as its stream would have been read from the beginning. */
  share(): void {
    this.#isOwn = false;
    const request = this.#request;
    if (this.#isRead) {
      endTakenStream(request);
    } else if (isAwaitingContinue(request)) {
      const read = request._read;
      request._read = (size) => {
        this.#sendContinue();
        read?.call(request, size);
      };
    }
  }

  newCollector(limit: number, weight?: number, share?: BodyShare): BodyCollector {
    return new BodyCollector(limit, this.#memory, this, weight, share);
  }

  /** One listener, however many parts of the body are held. */
  hold(collector: BodyCollector): void {
    if (this.#held !== null) {
      this.#held.push(collector);
      return;
    }
    const held = [collector];
    this.#held = held;
    onAnswered(this.#request, this.#response, () => {
      for (const each of held) {
        each.discard();
      }
      this.#held = null;
    });
  }

  #assertUnread(): void {
    if (this.#isRead || this.#stream?.locked === true) {
      throw new BodyAlreadyReadError();
    }
    const obstacle = obstacleOf(this.#request);
    if (obstacle !== null) {
      throw obstacle;
    }
  }

  #begin(): void {
    this.#isRead = true;
    this.#supersede?.(new BodyAlreadyReadError());
    this.#sendContinue();
  }

  #newStream(): ReadableStream<Uint8Array> {
    const request = this.#request;
    const response = this.#response;
    const obstacle = obstacleOf(request);
    if (obstacle !== null) {
      return streamOfError(obstacle);
    }
    let detach = () => {};
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          detach = attach(request, controller);
          endWithAnswer(request);
          this.#supersede = (error) => {
            detach();
            controller.error(error);
          };
        },
        pull: () => {
          this.#isRead = true;
          this.#sendContinue();
          request.resume();
        },
        cancel: () => {
          this.#isRead = true;
          detach();
          if (request.httpVersionMajor >= 2 || response.writableFinished) {
            request.resume();
          } else {
            // Until then TCP holds the client back; afterwards the connection cannot be used again before it is empty.
            response.once("finish", () => request.resume());
          }
        },
      },
      { highWaterMark: 0 },
    );
  }

  #sendContinue(): void {
    const { headersSent, stream } = this.#response;
    if (awaitingContinue.delete(this.#request) && !headersSent && stream?.closed !== true) {
      this.#response.writeContinue?.();
    }
  }
}

/** The error that says why nothing can be read from the request, or `null`. */
function obstacleOf(request: NodeRequest): unknown {
  // First, since on HTTP/2 a body that was cut off has an end as well: somebody seems to have read it.
  // Node hands over a request that was reset in the bytes that brought it, too, and only its stream knows.
  if (request.aborted === true || request.stream?.aborted === true) {
    return clientClosed();
  }
  if (isReadInFront(request)) {
    return new BodyAlreadyReadError(READ_IN_FRONT);
  }
  return request.destroyed === true ? clientClosed() : null;
}

/** Chunks that are strings already count as read: nobody could tell how many bytes they were. */
function isReadInFront(request: NodeRequest): boolean {
  return (
    request.readableDidRead === true ||
    request.readableEnded === true ||
    (request.readableEncoding !== undefined && request.readableEncoding !== null)
  );
}

/** Feeds a stream from a request; returns what takes the listeners off again. */
function attach(request: NodeRequest, controller: ReadableStreamDefaultController<Uint8Array>): () => void {
  const onData = (data: unknown) => {
    const chunk = data as Uint8Array;
    controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    request.pause();
  };
  const onEnd = () => {
    detach();
    controller.close();
  };
  const onClose = () => onError(clientClosed());
  const onError = (error: unknown) => {
    detach();
    controller.error(error);
  };
  const detach = () => {
    request.off("data", onData);
    request.off("end", onEnd);
    request.off("close", onClose);
    request.off("aborted", onClose);
  };
  request.pause();
  request.on("data", onData);
  request.on("end", onEnd);
  request.on("close", onClose);
  // On HTTP/2 a body that was cut off has an "end" as well, which comes later.
  request.on("aborted", onClose);
  // Stays for good: an "error" event without a listener would end the process.
  request.on("error", onError);
  return detach;
}
