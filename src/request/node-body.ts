import type { NodeRequest, NodeResponseEvents } from "./node-types.ts";

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
  const { headers } = request;
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/**
 * The body of a Node request as a web stream. Nothing is read before the stream is, and no more than it takes:
 * an unread body stays in the socket, where TCP holds the client back.
 */
export function nodeBodyStream(
  request: NodeRequest,
  response: NodeResponseEvents,
): ReadableStream<Uint8Array> | null {
  if (!hasBody(request)) {
    return null;
  }
  let detach = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (request.readableDidRead === true || request.readableEnded === true) {
          controller.error(new TypeError(ALREADY_READ));
          return;
        }
        if (request.destroyed === true) {
          controller.error(clientClosed());
          return;
        }
        detach = attach(request, controller);
      },
      pull() {
        if (awaitingContinue.delete(request) && !response.headersSent) {
          response.writeContinue?.();
        }
        request.resume();
      },
      cancel() {
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

function clientClosed(): DOMException {
  return new DOMException("The client closed the connection.", "AbortError");
}

const ALREADY_READ =
  "Something else has read the body of this request before: put the service in front of body parsers.";

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
