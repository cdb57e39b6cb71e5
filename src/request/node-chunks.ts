import type { NodeRequest } from "./node-types.ts";

/** What takes the body of a request, chunk by chunk. Never throws. */
export interface ChunkSink {
  readonly add: (chunk: Uint8Array) => void;
  readonly end: () => void;
  /** Called when the body was cut off; the error is Node's, where it has one. */
  readonly fail: (error: unknown) => void;
}

/** Takes the body from the stream that a request is. Gives what takes the listeners off again. */
export function takeFromStream(request: NodeRequest, { add, end, fail }: ChunkSink): () => void {
  const onData = (chunk: unknown) => add(chunk as Uint8Array);
  const onClose = () => fail(null);
  const isHttp2 = request.httpVersionMajor >= 2;
  request.on("end", end);
  request.on("close", onClose);
  request.on("error", fail);
  if (isHttp2) {
    // There a body that was cut off has an "end" as well, which comes later.
    request.on("aborted", onClose);
  }
  request.on("data", onData);
  // A listener alone does not set a request going that somebody has paused.
  request.resume();
  return () => {
    request.off("data", onData);
    request.off("end", end);
    request.off("close", onClose);
    request.off("error", fail);
    if (isHttp2) {
      request.off("aborted", onClose);
    }
  };
}

/**
 * Whether the body can be taken from Node's parser, which is the one that calls `push`: nothing of it has come into
 * the stream yet, and nobody waits for it there.
 */
export function canTakeFromParser(request: NodeRequest): boolean {
  return (
    request.httpVersionMajor === 1 &&
    !request.complete &&
    request.readableFlowing === null &&
    request.readableLength === 0 &&
    typeof request.push === "function"
  );
}

/**
 * Takes the body from Node's parser, past the stream: decision 14 has what that saves. Only for requests that nobody
 * else reads, since the stream of this one never ends. Gives what lets the rest of the body go into the stream again.
 */
export function takeFromParser(request: NodeRequest, { add, end, fail }: ChunkSink): () => void {
  const onClose = () => fail(null);
  request.on("close", onClose);
  request.push = (chunk) => {
    if (chunk !== null) {
      add(chunk);
    } else if (request._dumped === true) {
      // Node has dropped what came after the response.
      fail(null);
    } else {
      // Else Node would wait, when the response is over, for a body that has been taken.
      request._dumped = true;
      end();
    }
    return true;
  };
  return () => {
    request.off("close", onClose);
    if (!request.complete) {
      Reflect.deleteProperty(request, "push");
    }
  };
}

/**
 * Gives the stream of a request whose body was taken from the parser its end, and has it look as if that had been read:
 * whoever reads it waits for nothing, and body parsers of others leave it alone.
 */
export function endTakenStream(request: NodeRequest): void {
  if (request.complete && Object.hasOwn(request, "push")) {
    Reflect.deleteProperty(request, "push");
    request.push?.(null);
    if (request._readableState !== undefined) {
      request._readableState.endEmitted = true;
    }
  }
}
